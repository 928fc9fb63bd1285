// The words of the device journal: what an entry is, what a receipt says, what the network may
// answer. Types only; nothing here runs.

export type SubjectKind = 'consultation' | 'patient';

/** What texts belong to: one consultation or one patient's file, in one practice. */
export interface Subject {
  practice_id: string;
  kind: SubjectKind;
  id: string;
}

/** A stored revision that a text was written upon, named by id and by digest. */
export interface Base {
  revision_id: string;
  digest: string;
}

/** One head of a field as the server holds it. */
export interface Head extends Base {
  text: string;
  salt: string;
  recorded_at: string;
  author_name: string;
  /** Confirmed copies, where the server names them outside a receipt. */
  copies?: number;
}

export type Where = 'same_disk' | 'same_machine' | 'two_machines';

/** What the server states about one stored field; the screen still has to check its digest. */
export interface FieldReceipt {
  field: string;
  revision_id: string;
  salt: string;
  digest: string;
  heads: string[];
  addendum: boolean;
}

export interface Receipt {
  receipt_id: string;
  practice_id: string;
  subject_kind: SubjectKind;
  subject_id: string;
  recorded_at: string;
  fields: FieldReceipt[];
  /** The consultation was retracted meanwhile: the text is kept, in a file that ordinary views hide. */
  retracted?: boolean;
  copies: number;
  machines: number;
  where: Where;
}

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
export interface RevisionField {
  field: string;
  text: string;
  typed_at: string;
  bases: Base[];
}

/** The body of POST …/revisions. */
export interface RevisionRequest {
  subject_kind: SubjectKind;
  subject_id: string;
  device_id: string;
  fields: RevisionField[];
}

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
