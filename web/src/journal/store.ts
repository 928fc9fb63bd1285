// The journal on the device: IndexedDB with strict durability, each text under AES-GCM with a key of the vault. It keeps
// and finds entries; what may become of an entry is decided by the saver. Every write is one transaction and resolves
// once it is on disk.

import type { IDBPDatabase } from 'idb';
import { over, prune } from './prune';
import {
  isOfFirstForm,
  keyIdOf,
  openJournal,
  type Acknowledged,
  type JournalSchema,
  type Sealed,
  type SealedAnswer,
} from './schema';
import type { Base, Entry, EntryState, ReceiptFacts, Subject } from './types';
import { history_key_id, letGo, Vault, type ReleasedKeys } from './vault';

const unsent: EntryState[] = ['draft', 'sending', 'different'];
const reseal_at_once_max = 200;

/** Something read from the server, by its address, to be kept for writing offline. */
export interface Kept {
  name: string;
  value: unknown;
}

/** What the saver asks of a journal; `IndexedJournal` is the real one, tests break their own. */
export interface Journal {
  /** All or nothing: puts, removes and what is kept beside become durable together, then the promise resolves. */
  write(puts: Entry[], removes?: string[], kept?: Kept[]): Promise<void>;
  /** Pages that left something unsent here, or hold it. */
  writers(): Promise<Set<string>>;
  /** Takes over what the pages named left unsent: those that are gone. */
  adopt(writer: string, gone: Set<string>): Promise<Found>;
  /** Gives entries of this page to another one, which then takes them. */
  hand(ids: string[], to: string): Promise<void>;
  take(writer: string, ids: string[]): Promise<Entry[]>;
  /** What other pages hold unsent of a subject, by field. */
  elsewhere(subject: Subject): Promise<Map<string, Held>>;
  /** Acknowledged and superseded entries of one subject, oldest first. */
  history(subject: Subject): Promise<Entry[]>;
  readonly account: string;
  readonly device_id: string;
  /** How often a journal was opened on this device: orders entries over reloads and tabs. */
  readonly epoch: number;
}

/** Unsent text of another page. */
export interface Held {
  /** The newest. */
  text: string;
  /** What the oldest was written upon. */
  bases: Base[];
}

export interface Found {
  entries: Entry[];
  /** Entries that their own key does not open: altered by hand, or by a broken disk. Kept. */
  unreadable: number;
  /** Entries whose key was let go at a sign-out: they open once the server has been asked. */
  locked: number;
}

export class IndexedJournal implements Journal {
  private readonly fresh: Acknowledged[] = [];
  /** Entries that this page knows of: it wrote them, or took them over. */
  private readonly held = new Set<string>();

  private constructor(
    private readonly db: IDBPDatabase<JournalSchema>,
    private readonly vault: Vault,
    readonly account: string,
    readonly device_id: string,
    readonly epoch: number,
  ) {}

  /** Opens or makes the journal of one account, and lets go of other accounts' keys. Rejects where storage is denied. */
  static async open(account: string, name?: string): Promise<IndexedJournal> {
    const db = await openJournal(name);
    await letGo(db, (whose) => whose !== account);
    const vault = await Vault.open(db, account);
    const tx = db.transaction('device', 'readwrite', { durability: 'strict' });
    const known = await tx.store.get('device_id');
    const device_id = typeof known === 'string' ? known : crypto.randomUUID();
    const epoch = Number((await tx.store.get('epoch')) ?? 0) + 1;
    await tx.store.put(device_id, 'device_id');
    await tx.store.put(epoch, 'epoch');
    await tx.store.put(account, 'last_account');
    await tx.done;
    return new IndexedJournal(db, vault, account, device_id, epoch);
  }

  close(): void {
    this.db.close();
  }

  // --- keys --------------------------------------------------------------------------------

  /** Whether something lies here that only a release by the server opens. */
  get locked(): boolean {
    return this.vault.locked;
  }
  get released(): boolean {
    return this.vault.released;
  }

  /** What the server released: wraps, unwraps, and moves history under its own key. */
  async release(keys: ReleasedKeys): Promise<void> {
    await this.vault.release(keys);
    await this.resealHistory();
  }

  private async resealHistory(): Promise<void> {
    const rows = (await this.inStates(over)).filter((row) => row.key_id !== history_key_id);
    for (let at = 0; at < rows.length; at += reseal_at_once_max) {
      const { entries } = await this.unsealAll(rows.slice(at, at + reseal_at_once_max));
      const kept_since = new Map(rows.map((row) => [row.entry_id, row.acknowledged_at]));
      const sealed = await Promise.all(entries.map((entry) => this.seal(entry)));
      const tx = this.db.transaction(['entries', 'receipts'], 'readwrite', { durability: 'strict' });
      for (const row of sealed) {
        const acknowledged_at = kept_since.get(row.entry_id) ?? null;
        await tx.objectStore('entries').put({ ...row, acknowledged_at });
      }
      for (const receipt of entries.flatMap(receiptOf)) await tx.objectStore('receipts').put(receipt);
      await tx.done;
    }
  }

  // --- entries -----------------------------------------------------------------------------

  async write(puts: Entry[], removes: string[] = [], kept: Kept[] = []): Promise<void> {
    // Encrypting inside the transaction would let it commit by itself half-way.
    const sealed = await Promise.all(puts.map((entry) => this.seal(entry)));
    const answers = await Promise.all(kept.map((one) => this.sealAnswer(one)));
    const receipts = puts.flatMap(receiptOf);
    for (const put of puts) this.held.add(put.entry_id);
    const tx = this.db.transaction(['entries', 'answers', 'receipts'], 'readwrite', { durability: 'strict' });
    try {
      for (const entry of sealed) quiet(tx.objectStore('entries').put(entry));
      for (const id of removes) quiet(tx.objectStore('entries').delete(id));
      for (const answer of answers) quiet(tx.objectStore('answers').put(answer));
      for (const receipt of receipts) quiet(tx.objectStore('receipts').put(receipt));
      // Sent again under another name: the former one is reported no more.
      for (const put of puts) if (put.state === 'superseded' && put.receipt) quiet(tx.objectStore('receipts').delete(put.receipt.revision_id));
      await tx.done;
      this.fresh.push(...receipts);
    } catch (fault) {
      // What was queued before the fault would be committed without the rest.
      abort(tx);
      throw fault;
    }
  }

  async writers(): Promise<Set<string>> {
    return new Set((await this.inStates(unsent)).map((row) => row.writer));
  }

  async adopt(writer: string, gone: Set<string>): Promise<Found> {
    await this.vault.reload();
    const tx = this.db.transaction('entries', 'readwrite', { durability: 'strict' });
    const found: Sealed[] = [];
    let locked = 0;
    for (const state of unsent) {
      const rows = await tx.store.index('by_account_state').getAll([this.account, state]);
      for (const row of rows) {
        // Handed to this page by one that ended before it could say so: as good as left behind.
        const left = row.writer === writer ? !this.held.has(row.entry_id) : gone.has(row.writer);
        if (!left) continue;
        if (this.vault.isClosed(keyIdOf(row))) {
          locked += 1;
          continue;
        }
        row.writer = writer;
        await tx.store.put(row);
        this.held.add(row.entry_id);
        found.push(row);
      }
    }
    await tx.done;
    return { ...(await this.unsealAll(found)), locked };
  }

  async hand(ids: string[], to: string): Promise<void> {
    const tx = this.db.transaction('entries', 'readwrite', { durability: 'strict' });
    for (const id of ids) {
      const row = await tx.store.get(id);
      if (row !== undefined && unsent.includes(row.state)) await tx.store.put({ ...row, writer: to });
      this.held.delete(id);
    }
    await tx.done;
  }

  async take(writer: string, ids: string[]): Promise<Entry[]> {
    const rows = await Promise.all(ids.map((id) => this.db.get('entries', id)));
    const mine = rows.filter(
      (row) => row !== undefined && row.writer === writer && unsent.includes(row.state) && !this.held.has(row.entry_id),
    );
    for (const id of ids) this.held.add(id);
    return (await this.unsealAll(mine as Sealed[])).entries;
  }

  async elsewhere(subject: Subject): Promise<Map<string, Held>> {
    await this.vault.reload();
    const rows = await this.inStates(['draft', 'sending']);
    const theirs = rows.filter((row) => isOf(row.subject, subject) && !this.held.has(row.entry_id));
    const held = new Map<string, Held>();
    for (const { field, text, bases } of (await this.unsealAll(theirs)).entries) {
      held.set(field, { text, bases: held.get(field)?.bases ?? bases });
    }
    return held;
  }

  /** Null when it is not here any more, or its key is not. */
  async entry(id: string): Promise<Entry | null> {
    const row = await this.db.get('entries', id);
    return row === undefined ? null : ((await this.unsealAll([row])).entries[0] ?? null);
  }

  async history(subject: Subject): Promise<Entry[]> {
    const rows = await this.db.getAllFromIndex('entries', 'by_subject', [this.account, subject.id]);
    const { entries } = await this.unsealAll(rows.filter((row) => over.includes(row.state) && isOf(row.subject, subject)));
    return entries;
  }

  /** What the server has acknowledged, oldest first; needs no key. */
  async acknowledged(): Promise<Acknowledged[]> {
    const all = await this.db.getAllFromIndex('receipts', 'by_account', this.account);
    return all.sort((a, b) => a.order - b.order);
  }

  /** What was acknowledged since this was asked last: read at once, for a page that closes. */
  takeFresh(): Acknowledged[] {
    return this.fresh.splice(0);
  }

  /** Removes what is over its thirty days, and texts that a later one of the same sitting holds; never anything unsent. */
  prune(now: number): Promise<number> {
    return prune(this.db, this.account, now);
  }

  private async inStates(states: EntryState[]): Promise<Sealed[]> {
    const rows = await Promise.all(
      states.map((state) => this.db.getAllFromIndex('entries', 'by_account_state', IDBKeyRange.only([this.account, state]))),
    );
    return rows.flat();
  }

  // --- answers kept for writing offline ----------------------------------------------------

  async keep(kept: Kept): Promise<void> {
    await this.db.put('answers', await this.sealAnswer(kept));
  }

  /** Null when it was never kept, or its key is gone. */
  async recall(name: string): Promise<unknown> {
    const row = await this.db.get('answers', idOf(this.account, name));
    if (row === undefined) return null;
    const key = this.vault.opening(row.key_id);
    const plain = key === null ? null : await opened(row, key, row.id);
    return plain === null ? null : JSON.parse(plain);
  }

  private async sealAnswer({ name, value }: Kept): Promise<SealedAnswer> {
    const id = idOf(this.account, name);
    const { key_id, key } = await this.vault.forWriting();
    return { id, account: this.account, kept_at: Date.now(), key_id, ...(await closed(JSON.stringify(value), key, id)) };
  }

  // --- sealing -----------------------------------------------------------------------------

  private async seal(entry: Entry): Promise<Sealed> {
    const { text, receipt, ...rest } = entry;
    const ended = over.includes(entry.state);
    const { key_id, key } = await (ended ? this.vault.forHistory() : this.vault.forWriting());
    const { salt = null, ...facts } = receipt ?? {};
    const secret = await closed(JSON.stringify({ text, salt }), key, place(entry));
    return {
      ...rest,
      ...secret,
      key_id,
      receipt: receipt === null ? null : (facts as Omit<ReceiptFacts, 'salt'>),
      acknowledged_at: ended ? Date.now() : null,
    };
  }

  private async unsealAll(rows: Sealed[]): Promise<{ entries: Entry[]; unreadable: number }> {
    const entries: Entry[] = [];
    let unreadable = 0;
    for (const row of rows.sort((a, b) => a.order - b.order)) {
      const key = this.vault.opening(keyIdOf(row));
      const entry = key === null ? null : await unsealed(row, key);
      if (entry !== null) entries.push(entry);
      else if (key !== null || !this.vault.isClosed(keyIdOf(row))) unreadable += 1;
    }
    return { entries, unreadable };
  }
}

/** The receipt that an acknowledged entry leaves to be reported. */
function receiptOf(entry: Entry): Acknowledged[] {
  const { state, receipt, account, subject, field, entry_id, order, bases } = entry;
  if (state !== 'acknowledged' || receipt === null) return [];
  const { revision_id, digest } = receipt;
  return [{ revision_id, digest, account, subject, field, entry_id, order, bases, at: Date.now() }];
}

async function unsealed(row: Sealed, key: CryptoKey): Promise<Entry | null> {
  const { iv: _iv, cipher: _cipher, key_id: _key, acknowledged_at: _since, receipt, ...rest } = row;
  const plain = await opened(row, key, place(row));
  if (plain === null) return null;
  if (isOfFirstForm(row)) return { ...rest, text: plain, receipt: receipt as ReceiptFacts | null };
  const { text, salt } = JSON.parse(plain) as { text: string; salt: string | null };
  return { ...rest, text, receipt: receipt === null ? null : { ...receipt, salt: salt ?? '' } };
}

async function closed(plain: string, key: CryptoKey, bound_to: string) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const additionalData = new TextEncoder().encode(bound_to);
  const cipher = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData }, key, new TextEncoder().encode(plain));
  return { iv, cipher };
}

async function opened(row: { iv: Uint8Array<ArrayBuffer>; cipher: ArrayBuffer }, key: CryptoKey, bound_to: string) {
  try {
    const additionalData = new TextEncoder().encode(bound_to);
    const plain = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: row.iv, additionalData }, key, row.cipher);
    return new TextDecoder().decode(plain);
  } catch {
    return null;
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
function place(entry: Pick<Entry, 'entry_id' | 'account' | 'subject' | 'field'>): string {
  const { practice_id, kind, id } = entry.subject;
  return JSON.stringify([entry.entry_id, entry.account, practice_id, kind, id, entry.field]);
}

function idOf(account: string, name: string): string {
  return `${account}${name}`;
}

export function isOf(a: Subject, b: Subject): boolean {
  return a.practice_id === b.practice_id && a.kind === b.kind && a.id === b.id;
}
