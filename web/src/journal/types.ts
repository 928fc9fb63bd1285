// The words of the device journal: what an entry is, what a receipt says, what the network may
// answer. Types only; nothing here runs. What travels is of the server's own shapes.
import type { Schemas } from '../api/types';

export type SubjectKind = Schemas['record_subject_kind'];
export type TextField = Schemas['record_text_field'];

/** What texts belong to: one consultation or one patient's file, in one practice. */
export interface Subject {
  practice_id: string;
  kind: SubjectKind;
  id: string;
}

/** A stored revision that a text was written upon, named by id and by digest. */
export type Base = Schemas['record_base_wish'];

/** One head of a field as the server holds it; its confirmed copies where they are known from a receipt. */
export type Head = Schemas['record_head_view'] & { copies?: number };

export type Where = Schemas['store_copies_where'];

/** What the server states about one stored field; the screen still has to check its digest. */
export type FieldReceipt = Schemas['record_field_receipt'];

/** `retracted`: the consultation was retracted meanwhile, and the text is kept in a file that ordinary views hide. */
export type Receipt = Omit<Schemas['record_receipt'], 'signature' | 'log_promise'>;

/** The part of a receipt that stays with an acknowledged entry. */
export interface ReceiptFacts {
  receipt_id: string;
  revision_id: string;
  recorded_at: string;
  salt: string;
  digest: string;
  copies: number;
  machines: number;
  where: Where;
}

/** A definite no from the server, in the reader's language. */
export interface Refusal {
  code: string;
  detail: string;
}

/**
 * draft         typed, not yet given to the network under a key
 * sending       sealed under an idempotency key; stays until its receipt matches, whatever happens
 * different     the receipt named another text: kept until the writer has chosen
 * acknowledged  the receipt matched; history
 * superseded    refused, and the same page has already journalled a newer text for the field
 */
export type EntryState = 'draft' | 'sending' | 'different' | 'acknowledged' | 'superseded';

/** One text of one field, decrypted. */
export interface Entry {
  entry_id: string;
  account: string;
  subject: Subject;
  field: string;
  /** The page that holds the entry; a page that died leaves its entries to be adopted. */
  writer: string;
  state: EntryState;
  /** Grows with every entry made on this device: entries are sent in this order. */
  order: number;
  typed_at: string;
  idempotency_key: string | null;
  bases: Base[];
  /** The entry of the same field still being sent, whose revision will become the base. */
  follows: string | null;
  text: string;
  receipt: ReceiptFacts | null;
  refusal: Refusal | null;
}

/** One field of a request to store revisions. */
export type RevisionField = Schemas['record_revision_wish'];

/** The body of POST …/revisions. */
export type RevisionRequest = Schemas['record_save_wish'];

/**
 * What became of a request. Only `receipt` and `refused` are definite; after all others the same
 * content is sent again under the same key, for its outcome may be unknown.
 */
export type Answer =
  | { kind: 'receipt'; receipt: Receipt }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'sign_in' }
  | { kind: 'wait'; code: string; detail: string; after_ms: number | null }
  | { kind: 'unreachable' };

/** How the saver reaches the server; tests give their own. */
export type Transport = (
  practice_id: string,
  idempotency_key: string,
  body: RevisionRequest,
) => Promise<Answer>;
