// What one request carries and what its receipt does to the journal. Pure but for the digest: it
// plans writes, the saver carries them out.

import { isDigestOf } from './digest';
import type { Kept } from './store';
import type {
  Base,
  Entry,
  FieldReceipt,
  Head,
  Receipt,
  ReceiptFacts,
  RevisionRequest,
  Subject,
  TextField,
} from './types';

/**
 * The field of a slot. A slot is one text on the device; several may belong to one field: an
 * addendum to a closed `examen` is written in a slot `examen+…` of its own, beside the closed text.
 */
export function fieldOf(slot: string): TextField {
  // Slots are named by the screens, and only after fields.
  return (slot.split('+', 1)[0] ?? slot) as TextField;
}

/** A fresh slot for an addendum to `field`. */
export function addendumSlot(field: string): string {
  return `${field}+${crypto.randomUUID()}`;
}

/** Entries sealed together under one idempotency key. */
export interface Batch {
  idempotency_key: string;
  entries: Entry[];
}

/** Seals drafts under a key made on the device. From here on their content never changes. */
export function seal(drafts: Entry[], idempotency_key: string): Batch {
  const entries = drafts
    .map((entry): Entry => ({ ...entry, state: 'sending', idempotency_key, refusal: null }))
    .sort((a, b) => a.order - b.order);
  return { idempotency_key, entries };
}

/** The body of the request; the same batch always gives the same bytes. */
export function requestOf(batch: Batch, subject: Subject, device_id: string): RevisionRequest {
  return {
    subject_kind: subject.kind,
    subject_id: subject.id,
    device_id,
    fields: batch.entries.map(({ field, text, typed_at, bases }) => ({
      field: fieldOf(field),
      text,
      typed_at,
      bases: bases.map(({ revision_id, digest }) => ({ revision_id, digest })),
    })),
  };
}

/** Sorts what a dead page left into sealed batches, in the order in which they were made. */
export function batchesOf(entries: Entry[]): Batch[] {
  const batches = new Map<string, Entry[]>();
  for (const entry of [...entries].sort((a, b) => a.order - b.order)) {
    if (entry.state !== 'sending' || entry.idempotency_key === null) continue;
    const batch = batches.get(entry.idempotency_key) ?? [];
    batch.push(entry);
    batches.set(entry.idempotency_key, batch);
  }
  return [...batches].map(([idempotency_key, list]) => ({ idempotency_key, entries: list }));
}

/** One entry after its receipt was compared with the text that this device sent. */
export interface Outcome {
  entry: Entry;
  matched: boolean;
  stated: FieldReceipt | null;
}

/** Compares every text of a batch with the receipt; a field that it does not name has not matched. */
export async function compare(batch: Batch, subject: Subject, receipt: Receipt): Promise<Outcome[]> {
  const about_us =
    receipt.practice_id === subject.practice_id &&
    receipt.subject_kind === subject.kind &&
    receipt.subject_id === subject.id;
  const outcomes: Outcome[] = [];
  for (const entry of batch.entries) {
    const stated = receipt.fields.find((one) => one.field === fieldOf(entry.field)) ?? null;
    const matched = about_us && stated !== null && (await isDigestOf(stated, entry.text));
    const facts = stated === null ? null : factsOf(receipt, stated);
    const state = matched ? 'acknowledged' : 'different';
    outcomes.push({ entry: { ...entry, state, receipt: facts }, matched, stated });
  }
  return outcomes;
}

function factsOf(receipt: Receipt, stated: FieldReceipt): ReceiptFacts {
  return {
    receipt_id: receipt.receipt_id,
    revision_id: stated.revision_id,
    recorded_at: receipt.recorded_at,
    salt: stated.salt,
    digest: stated.digest,
    copies: receipt.copies,
    machines: receipt.machines,
    where: receipt.where,
  };
}

/** Where the newest stored text of a field is kept for writing offline. */
export function headName({ practice_id, kind, id }: Subject, field: string): string {
  return `/practices/${practice_id}/${kind}/${id}/heads/${field}`;
}

/** What was just stored, as the head that a page without a network goes on from. */
export function headKept(subject: Subject, outcome: Outcome, receipt: Receipt): Kept[] {
  const { entry, matched, stated } = outcome;
  if (!matched || stated === null || stated.addendum) return [];
  const { revision_id, salt, digest } = stated;
  const head: Head = { revision_id, salt, digest, text: entry.text, recorded_at: receipt.recorded_at, author_name: '' };
  return [{ name: headName(subject, entry.field), value: head }];
}

/** The revision that the next text of a field is written upon, after this outcome. */
export function basesAfter(outcome: Outcome): Base[] {
  const { stated, entry } = outcome;
  if (stated === null) return entry.bases;
  return [{ revision_id: stated.revision_id, digest: stated.digest }];
}

/**
 * The draft that was typed while its forerunner was being sent, now written upon what became of
 * it. Heads that the writer merged in the meantime stay among its bases.
 */
export function rebased(draft: Entry, outcome: Outcome): Entry {
  const before = new Set(outcome.entry.bases.map((base) => base.revision_id));
  const merged = draft.bases.filter((base) => !before.has(base.revision_id));
  return { ...draft, bases: [...merged, ...basesAfter(outcome)], follows: null };
}

/** A new draft; the caller fills in the text. */
export function freshDraft(of: {
  account: string;
  subject: Subject;
  field: string;
  writer: string;
  order: number;
  bases: Base[];
  follows: string | null;
}): Entry {
  return {
    ...of,
    bases: of.bases.map(({ revision_id, digest }) => ({ revision_id, digest })),
    entry_id: crypto.randomUUID(),
    state: 'draft',
    typed_at: '',
    idempotency_key: null,
    text: '',
    receipt: null,
    refusal: null,
  };
}
