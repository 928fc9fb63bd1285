// What lies in IndexedDB, and how an older form of it becomes this one. Texts are sealed; what is needed to find and
// send them is not: identifiers, states, times, digests without their salts.

import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Base, Entry, EntryState, ReceiptFacts, Subject } from './types';
import type { DeviceKey } from './vault';

interface Cipher {
  key_id: string;
  iv: Uint8Array<ArrayBuffer>;
  cipher: ArrayBuffer;
}

/** An entry as it lies on the device. The salt is sealed with the text: with it a digest could be guessed at. */
export interface Sealed extends Omit<Entry, 'text' | 'receipt'>, Cipher {
  receipt: Omit<ReceiptFacts, 'salt'> | null;
  acknowledged_at: number | null;
}

/** Something last read from the server that writing offline needs, by its address. */
export interface SealedAnswer extends Cipher {
  id: string;
  account: string;
  kept_at: number;
}

/** A receipt whose digest matched: what this device reports to the server. Outlives the text that it belongs to. */
export interface Acknowledged {
  revision_id: string;
  account: string;
  subject: Subject;
  field: string;
  digest: string;
  /** What it was written upon. */
  bases: Base[];
  entry_id: string;
  order: number;
  at: number;
}

export interface JournalSchema extends DBSchema {
  entries: {
    key: string;
    value: Sealed;
    indexes: { by_account_state: [string, EntryState]; by_subject: [string, string] };
  };
  receipts: { key: string; value: Acknowledged; indexes: { by_account: string } };
  device_keys: { key: string; value: DeviceKey; indexes: { by_account: string } };
  answers: { key: string; value: SealedAnswer; indexes: { by_account: string } };
  device: { key: string; value: string | number };
}

/** The journal's first form: one key an account, and the bare text sealed under it. */
interface FirstForm extends DBSchema {
  keys: { key: string; value: CryptoKey };
}
const first_form_prefix = 'first-';
/** Entries of the first form name no key. */
export const keyIdOf = (row: Sealed): string => row.key_id ?? first_form_prefix + row.account;
export const isOfFirstForm = (row: Sealed): boolean => row.key_id === undefined;

export const journal_name = 'manent-journal';

export function openJournal(name = journal_name): Promise<IDBPDatabase<JournalSchema>> {
  return openDB<JournalSchema>(name, 2, {
    async upgrade(db, from, _to, tx) {
      if (from === 0) {
        const entries = db.createObjectStore('entries', { keyPath: 'entry_id' });
        entries.createIndex('by_account_state', ['account', 'state']);
        db.createObjectStore('device');
      }
      tx.objectStore('entries').createIndex('by_subject', ['account', 'subject.id']);
      db.createObjectStore('receipts', { keyPath: 'revision_id' }).createIndex('by_account', 'account');
      db.createObjectStore('device_keys', { keyPath: 'key_id' }).createIndex('by_account', 'account');
      db.createObjectStore('answers', { keyPath: 'id' }).createIndex('by_account', 'account');
      if (from !== 1) return;
      const former = tx as unknown as { objectStore(name: 'keys'): FormerKeys };
      const keys = former.objectStore('keys');
      for (const account of await keys.getAllKeys()) {
        const handle = (await keys.get(account))!;
        await tx.objectStore('device_keys').put({ key_id: first_form_prefix + account, account, handle, wrapped: null, made_at: 0 });
      }
      (db as unknown as IDBPDatabase<FirstForm>).deleteObjectStore('keys');
    },
    // A newer page may upgrade the schema: this one lets go instead of blocking it.
    blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
  });
}

interface FormerKeys {
  getAllKeys(): Promise<string[]>;
  get(account: string): Promise<CryptoKey | undefined>;
}
