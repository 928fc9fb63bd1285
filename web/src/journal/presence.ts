// Who writes on this device, beyond one page: signing out lets go of the account's keys, and a page that opens without a
// network finds out who wrote here last.

import { journal_name, openJournal } from './schema';
import { IndexedJournal } from './store';
import { letGo } from './vault';

/**
 * After a sign-out: the account's keys leave this device, and so does what was kept for writing offline; unsent text
 * stays, and opens at the next sign-in. Answers whether it is unreadable now: a key that the server never wrapped stays.
 */
export async function leaveDevice(account: string): Promise<boolean> {
  try {
    if (!(await isThere())) return true;
    const db = await openJournal();
    const stayed = await letGo(db, (whose) => whose === account);
    const tx = db.transaction('answers', 'readwrite', { durability: 'strict' });
    for (const id of await tx.store.index('by_account').getAllKeys(account)) await tx.store.delete(id);
    await tx.done;
    db.close();
    return stayed === 0;
  } catch {
    // A browser without storage kept nothing.
    return true;
  }
}

/** A device of which nobody of a practice has written has no journal, and gets none by being asked. */
async function isThere(): Promise<boolean> {
  if (typeof indexedDB.databases !== 'function') return true;
  return (await indexedDB.databases()).some((each) => each.name === journal_name);
}

/** What the page of whoever wrote here last had kept under this name; null after a sign-out. */
export async function recallLast(name: string): Promise<unknown> {
  try {
    if (!(await isThere())) return null;
    const db = await openJournal();
    const account = await db.get('device', 'last_account');
    db.close();
    if (typeof account !== 'string') return null;
    const journal = await IndexedJournal.open(account);
    const value = await journal.recall(name);
    journal.close();
    return value;
  } catch {
    return null;
  }
}
