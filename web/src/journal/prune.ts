// What the journal lets go of: history after thirty days, and of the history of earlier days every text that a later one
// of the same sitting holds. Nothing unsent is ever touched, and no receipt goes before its thirty days.

import type { IDBPDatabase } from 'idb';
import type { JournalSchema, Sealed } from './schema';
import { pause_ms_max } from './sittings';
import type { EntryState } from './types';

export const history_days = 30;
const day_ms = 86_400_000;
const answers_max = 300;
export const over: EntryState[] = ['acknowledged', 'superseded'];

/** Answers how many entries were removed. */
export async function prune(db: IDBPDatabase<JournalSchema>, account: string, now: number): Promise<number> {
  const tx = db.transaction(['entries', 'answers', 'receipts'], 'readwrite', { durability: 'strict' });
  const entries = tx.objectStore('entries');
  const by_state = entries.index('by_account_state');
  const stored = await by_state.getAll([account, 'acknowledged']);
  const passed = stored.concat(await by_state.getAll([account, 'superseded'])).filter((row) => isOlder(row, now, history_days));
  const going = new Set([...passed, ...earlierInSitting(stored.filter((row) => isOlder(row, now, 1)))]);
  for (const row of going) await entries.delete(row.entry_id);
  const receipts = tx.objectStore('receipts');
  for (const one of await receipts.index('by_account').getAll(account)) {
    if (one.at <= now - history_days * day_ms) await receipts.delete(one.revision_id);
  }
  const answers = tx.objectStore('answers');
  const kept = (await answers.index('by_account').getAll(account)).sort((a, b) => b.kept_at - a.kept_at);
  for (const one of kept.slice(answers_max)) await answers.delete(one.id);
  await tx.done;
  return going.size;
}

function isOlder(row: Sealed, now: number, days: number): boolean {
  return (row.acknowledged_at ?? now) <= now - days * day_ms;
}

/** Entries that the next one of their field, written upon them without a long pause, holds and more. */
export function earlierInSitting(rows: Sealed[]): Sealed[] {
  const by_base = new Map<string, Sealed>();
  for (const row of rows) for (const base of row.bases) by_base.set(base.revision_id, row);
  return rows.filter((row) => {
    const next = by_base.get(row.receipt?.revision_id ?? '');
    return next !== undefined && (next.acknowledged_at ?? 0) - (row.acknowledged_at ?? 0) <= pause_ms_max;
  });
}
