// The journal on the device: IndexedDB with strict durability, each text under AES-GCM with a key
// per account that the page can use and not read. It keeps and finds entries; what may become of
// an entry is decided by the saver. Every write is one transaction and resolves once it is on disk.

import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Entry, EntryState, Subject } from './types';

/** An entry as it lies on the device: only the text is secret, the rest is needed to find it. */
interface Sealed extends Omit<Entry, 'text'> {
  iv: Uint8Array<ArrayBuffer>;
  cipher: ArrayBuffer;
  acknowledged_at: number | null;
}

interface Schema extends DBSchema {
  entries: {
    key: string;
    value: Sealed;
    indexes: { by_account_state: [string, EntryState] };
  };
  keys: { key: string; value: CryptoKey };
  device: { key: string; value: string | number };
}

export const history_days = 30;
const day_ms = 86_400_000;
const unsent: EntryState[] = ['draft', 'sending', 'different'];

/** What the saver asks of a journal; `IndexedJournal` is the real one, tests break their own. */
export interface Journal {
  /** All or nothing: puts and removes become durable together, then the promise resolves. */
  write(puts: Entry[], removes?: string[]): Promise<void>;
  /** Takes over what pages that are gone left unsent. `alive` names the pages still open. */
  adopt(writer: string, alive: Set<string>): Promise<Found>;
  /** Acknowledged and superseded entries of one subject, oldest first. */
  history(subject: Subject): Promise<Entry[]>;
  readonly account: string;
  readonly device_id: string;
  /** How often a journal was opened on this device: orders entries over reloads and tabs. */
  readonly epoch: number;
}

export interface Found {
  entries: Entry[];
  /** Entries that this account's key does not open: altered by hand, or by a broken disk. Kept. */
  unreadable: number;
}

export class IndexedJournal implements Journal {
  private constructor(
    private readonly db: IDBPDatabase<Schema>,
    private readonly key: CryptoKey,
    readonly account: string,
    readonly device_id: string,
    readonly epoch: number,
  ) {}

  /** Opens or makes the journal of one account. Rejects where the browser denies storage. */
  static async open(account: string, name = 'manent-journal'): Promise<IndexedJournal> {
    const db = await openDB<Schema>(name, 1, {
      upgrade(fresh) {
        const entries = fresh.createObjectStore('entries', { keyPath: 'entry_id' });
        entries.createIndex('by_account_state', ['account', 'state']);
        fresh.createObjectStore('keys');
        fresh.createObjectStore('device');
      },
      // A newer page may upgrade the schema: this one lets go instead of blocking it.
      blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
    });
    const key = await keyOf(db, account);
    return new IndexedJournal(db, key, account, await deviceId(db), await nextEpoch(db));
  }

  close(): void {
    this.db.close();
  }

  async write(puts: Entry[], removes: string[] = []): Promise<void> {
    // Encrypting inside the transaction would let it commit by itself half-way.
    const sealed = await Promise.all(puts.map((entry) => this.seal(entry)));
    const tx = this.db.transaction('entries', 'readwrite', { durability: 'strict' });
    try {
      for (const entry of sealed) quiet(tx.store.put(entry));
      for (const id of removes) quiet(tx.store.delete(id));
      await tx.done;
    } catch (fault) {
      // What was queued before the fault would be committed without the rest.
      abort(tx);
      throw fault;
    }
  }

  async adopt(writer: string, alive: Set<string>): Promise<Found> {
    const tx = this.db.transaction('entries', 'readwrite', { durability: 'strict' });
    const found: Sealed[] = [];
    for (const state of unsent) {
      const rows = await tx.store.index('by_account_state').getAll([this.account, state]);
      for (const row of rows) {
        if (row.writer !== writer && alive.has(row.writer)) continue;
        row.writer = writer;
        await tx.store.put(row);
        found.push(row);
      }
    }
    await tx.done;
    return this.unsealAll(found);
  }

  async history(subject: Subject): Promise<Entry[]> {
    const rows: Sealed[] = [];
    for (const state of ['acknowledged', 'superseded'] as const) {
      const range = IDBKeyRange.only([this.account, state]);
      rows.push(...(await this.db.getAllFromIndex('entries', 'by_account_state', range)));
    }
    const { entries } = await this.unsealAll(rows.filter((row) => isOf(row.subject, subject)));
    return entries;
  }

  /** Removes acknowledged history older than thirty days; never anything unsent. */
  async prune(now: number): Promise<number> {
    const tx = this.db.transaction('entries', 'readwrite', { durability: 'strict' });
    let removed = 0;
    for (const state of ['acknowledged', 'superseded'] as const) {
      const rows = await tx.store.index('by_account_state').getAll([this.account, state]);
      for (const row of rows) {
        if ((row.acknowledged_at ?? now) > now - history_days * day_ms) continue;
        await tx.store.delete(row.entry_id);
        removed += 1;
      }
    }
    await tx.done;
    return removed;
  }

  private async seal(entry: Entry): Promise<Sealed> {
    const { text, ...rest } = entry;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const cipher = await crypto.subtle.encrypt(
      { name: 'AES-GCM', iv, additionalData: place(entry) },
      this.key,
      new TextEncoder().encode(text),
    );
    const over = entry.state === 'acknowledged' || entry.state === 'superseded';
    return { ...rest, iv, cipher, acknowledged_at: over ? Date.now() : null };
  }

  private async unsealAll(rows: Sealed[]): Promise<Found> {
    const entries: Entry[] = [];
    let unreadable = 0;
    for (const row of rows.sort((a, b) => a.order - b.order)) {
      const entry = await this.unseal(row);
      if (entry === null) unreadable += 1;
      else entries.push(entry);
    }
    return { entries, unreadable };
  }

  private async unseal(row: Sealed): Promise<Entry | null> {
    const { iv, cipher, acknowledged_at: _unused, ...rest } = row;
    try {
      const plain = await crypto.subtle.decrypt(
        { name: 'AES-GCM', iv, additionalData: place(row) },
        this.key,
        cipher,
      );
      return { ...rest, text: new TextDecoder().decode(plain) };
    } catch {
      return null;
    }
  }
}

/** A failed request fails its transaction, which is what is awaited. */
function quiet(request: Promise<unknown>): void {
  request.catch(() => undefined);
}

function abort(tx: { abort(): void; done: Promise<void> }): void {
  quiet(tx.done);
  try {
    tx.abort();
  } catch {
    // It has ended by itself.
  }
}

/** Binds a text to its place: moved to another subject, field or account it no longer opens. */
function place(entry: Pick<Entry, 'entry_id' | 'account' | 'subject' | 'field'>) {
  const { practice_id, kind, id } = entry.subject;
  return new TextEncoder().encode(
    JSON.stringify([entry.entry_id, entry.account, practice_id, kind, id, entry.field]),
  );
}

export function isOf(a: Subject, b: Subject): boolean {
  return a.practice_id === b.practice_id && a.kind === b.kind && a.id === b.id;
}

async function keyOf(db: IDBPDatabase<Schema>, account: string): Promise<CryptoKey> {
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    'encrypt',
    'decrypt',
  ]);
  // Two tabs may open at once: the first key stored is everybody's key.
  const tx = db.transaction('keys', 'readwrite', { durability: 'strict' });
  const kept = await tx.store.get(account);
  if (kept === undefined) await tx.store.put(fresh, account);
  await tx.done;
  return kept ?? fresh;
}

async function deviceId(db: IDBPDatabase<Schema>): Promise<string> {
  const tx = db.transaction('device', 'readwrite', { durability: 'strict' });
  const kept = await tx.store.get('device_id');
  const id = typeof kept === 'string' ? kept : crypto.randomUUID();
  if (kept !== id) await tx.store.put(id, 'device_id');
  await tx.done;
  return id;
}

async function nextEpoch(db: IDBPDatabase<Schema>): Promise<number> {
  const tx = db.transaction('device', 'readwrite', { durability: 'strict' });
  const last = await tx.store.get('epoch');
  const epoch = (typeof last === 'number' ? last : 0) + 1;
  await tx.store.put(epoch, 'epoch');
  await tx.done;
  return epoch;
}
