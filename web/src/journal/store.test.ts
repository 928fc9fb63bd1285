// @vitest-environment node
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { freshDraft } from './batches';
import { history_days } from './prune';
import { IndexedJournal } from './store';
import { openJournal } from './schema';
import { importReleased, letGo } from './vault';
import type { Entry, Subject } from './types';

const subject: Subject = { practice_id: 'p1', kind: 'consultation', id: 'c1' };
/** The pages that the tests below let go. */
const gone = new Set(['page-1', 'page-2', 'x', 'dead']);
let name = '';
let nth = 0;

beforeEach(() => {
  nth += 1;
  name = `journal-${nth}`;
});
afterEach(() => vi.useRealTimers());

/** What the server gives to a session of one account on one device: always the same. */
function releasedKeys(of = 'anne') {
  const bytes = (what: string) => new TextEncoder().encode(`${what} of ${of}`.padEnd(32, '.'));
  return importReleased(bytes('wrapping'), bytes('history'));
}

function entry(text: string, more: Partial<Entry> = {}): Entry {
  const draft = freshDraft({
    account: 'anne',
    subject,
    field: 'motif',
    writer: 'page-1',
    order: 1,
    bases: [],
    follows: null,
  });
  return { ...draft, text, typed_at: '2026-11-24T10:00:00Z', ...more };
}

async function raw(): Promise<Record<string, unknown>[]> {
  const db = await openDB(name);
  const rows = (await db.getAll('entries')) as Record<string, unknown>[];
  db.close();
  return rows;
}

test('a text written comes back word for word after the page is gone', async () => {
  const text = 'Toux 😀 depuis 3 j — « grasse », مرحبا e\u0301';
  const before = await IndexedJournal.open('anne', name);
  await before.write([entry(text)]);
  before.close();
  const again = await IndexedJournal.open('anne', name);
  expect((await again.adopt('page-2', gone)).entries.map((one) => one.text)).toEqual([text]);
});

test('the text lies encrypted, and the key cannot be read', async () => {
  const journal = await IndexedJournal.open('anne', name);
  await journal.write([entry('séropositif')]);
  const [row] = await raw();
  expect(JSON.stringify(row)).not.toContain('séropositif');
  const bytes = new TextDecoder('latin1').decode(row!.cipher as ArrayBuffer);
  expect(bytes).not.toContain('positif');
  await journal.release(await releasedKeys());
  const db = await openDB(name);
  const [key] = (await db.getAll('device_keys')) as { handle: CryptoKey; wrapped: unknown }[];
  expect(key!.handle.extractable).toBe(false);
  await expect(crypto.subtle.exportKey('raw', key!.handle)).rejects.toThrow();
});

test('every write asks for strict durability', async () => {
  const asked: unknown[] = [];
  const original = IDBDatabase.prototype.transaction;
  vi.spyOn(IDBDatabase.prototype, 'transaction').mockImplementation(function (
    this: IDBDatabase,
    ...args: Parameters<IDBDatabase['transaction']>
  ) {
    if (args[1] === 'readwrite') asked.push(args[2]?.durability);
    return original.apply(this, args);
  });
  const journal = await IndexedJournal.open('anne', name);
  await journal.write([entry('a')]);
  await journal.adopt('page-2', gone);
  await journal.prune(Date.now());
  expect(asked.length).toBeGreaterThan(3);
  expect(new Set(asked)).toEqual(new Set(['strict']));
  vi.restoreAllMocks();
});

test('a page that lives keeps its entries, one that died hands them over', async () => {
  const journal = await IndexedJournal.open('anne', name);
  await journal.write([entry('mine', { writer: 'alive' }), entry('left', { writer: 'dead' })]);
  const found = await journal.adopt('me', gone);
  expect(found.entries.map((one) => one.text)).toEqual(['left']);
  expect(found.entries[0]?.writer).toBe('me');
});

test('another account neither sees nor opens the entries', async () => {
  const anne = await IndexedJournal.open('anne', name);
  await anne.write([entry('secret')]);
  const marc = await IndexedJournal.open('marc', name);
  expect((await marc.adopt('page-9', gone)).entries).toEqual([]);
  const db = await openDB(name);
  const [row] = await raw();
  await db.put('entries', { ...row, account: 'marc' });
  expect(await marc.adopt('page-9', gone)).toEqual({ entries: [], unreadable: 1, locked: 0 });
});

test('an entry moved by hand to another consultation or field is told, and kept', async () => {
  const journal = await IndexedJournal.open('anne', name);
  await journal.write([entry('a'), entry('b'), entry('c')]);
  const db = await openDB(name);
  const rows = await raw();
  await db.put('entries', { ...rows[0], field: 'conclusion' });
  await db.put('entries', { ...rows[1], subject: { ...subject, id: 'c2' } });
  const found = await journal.adopt('page-2', gone);
  expect(found.unreadable).toBe(2);
  expect(found.entries).toHaveLength(1);
  expect(await raw()).toHaveLength(3);
});

test('history goes after thirty days, unsent text never', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-24T10:00:00Z') });
  const journal = await IndexedJournal.open('anne', name);
  await journal.write([
    entry('stored', { state: 'acknowledged' }),
    entry('draft'),
    entry('sealed', { state: 'sending' }),
    entry('other', { state: 'different' }),
  ]);
  const days = (count: number) => Date.now() + count * 86_400_000;
  expect(await journal.prune(days(history_days - 1))).toBe(0);
  expect((await journal.history(subject)).map((one) => one.text)).toEqual(['stored']);
  expect(await journal.prune(days(history_days + 1))).toBe(1);
  expect(await journal.prune(days(10_000))).toBe(0);
  expect((await journal.adopt('page-2', gone)).entries).toHaveLength(3);
});

test('a write is all or nothing', async () => {
  const journal = await IndexedJournal.open('anne', name);
  const broken = { ...entry('b'), bases: [() => 1] as never };
  await expect(journal.write([entry('a'), broken])).rejects.toThrow();
  expect(await raw()).toHaveLength(0);
});

test('two tabs that open at once share one key and one device id', async () => {
  const [one, two] = await Promise.all([
    IndexedJournal.open('anne', name),
    IndexedJournal.open('anne', name),
  ]);
  expect(one.device_id).toBe(two.device_id);
  expect(one.epoch).not.toBe(two.epoch);
  await one.write([entry('a', { writer: 'x' })]);
  expect((await two.adopt('y', gone)).unreadable).toBe(0);
});

// --- keys that come and go with the session --------------------------------------------------------

const stored = { state: 'acknowledged' } as const;

async function signOut(): Promise<number> {
  const db = await openJournal(name);
  const stayed = await letGo(db, (account) => account === 'anne');
  db.close();
  return stayed;
}

test('after a sign-out the text stays, unreadable, and opens once the server has released the key again', async () => {
  const before = await IndexedJournal.open('anne', name);
  await before.release(await releasedKeys());
  await before.write([entry('Toux depuis 3 jours')]);
  before.close();
  expect(await signOut()).toBe(0);

  const after = await IndexedJournal.open('anne', name);
  expect(after.locked).toBe(true);
  expect(await after.adopt('page-2', gone)).toEqual({ entries: [], unreadable: 0, locked: 1 });
  await after.release(await releasedKeys('somebody else'));
  expect((await after.adopt('page-2', gone)).locked).toBe(1);
  await after.release(await releasedKeys());
  expect((await after.adopt('page-2', gone)).entries.map((one) => one.text)).toEqual(['Toux depuis 3 jours']);
});

test('what is typed while the server does not answer is kept all the same, and a key that was never wrapped stays', async () => {
  const before = await IndexedJournal.open('anne', name);
  await before.release(await releasedKeys());
  await before.write([entry('first')]);
  before.close();
  await signOut();
  const offline = await IndexedJournal.open('anne', name);
  await offline.write([entry('second')]);
  offline.close();
  expect(await signOut()).toBe(1);
  const again = await IndexedJournal.open('anne', name);
  const found = await again.adopt('page-2', gone);
  expect(found.entries.map((one) => one.text)).toEqual(['second']);
  expect(found.locked).toBe(1);
});

test('a key that is being made while the server answers is wrapped all the same', async () => {
  const keys = await releasedKeys();
  for (const turns of [0, 1, 2, 3, 5, 8, 13]) {
    const journal = await IndexedJournal.open(`anne-${turns}`, name);
    const writing = journal.write([entry('Toux', { account: `anne-${turns}` })]);
    for (let turn = 0; turn < turns; turn += 1) await new Promise((done) => setImmediate(done));
    await Promise.all([writing, journal.release(keys)]);
    journal.close();
    const db = await openDB(name);
    const made = ((await db.getAll('device_keys')) as { account: string; wrapped: unknown }[]).filter((key) => key.account === `anne-${turns}`);
    db.close();
    expect(made.map((key) => key.wrapped !== null)).toEqual([true]);
  }
});

test('the sign-in of somebody else lets go of the keys of whoever was here before', async () => {
  const anne = await IndexedJournal.open('anne', name);
  await anne.release(await releasedKeys());
  await anne.write([entry('secret')]);
  anne.close();
  (await IndexedJournal.open('marc', name)).close();
  const db = await openDB(name);
  const [key] = (await db.getAll('device_keys')) as { account: string; handle: unknown }[];
  expect(key).toMatchObject({ account: 'anne', handle: null });
});

test('acknowledged history opens only with the key that the server releases', async () => {
  const journal = await IndexedJournal.open('anne', name);
  await journal.write([entry('before the release', stored)]);
  await journal.release(await releasedKeys());
  await journal.write([entry('after it', stored)]);
  expect((await journal.history(subject)).map((one) => one.text).sort()).toEqual(['after it', 'before the release']);
  journal.close();
  // A page that opens without the server has the device's key and not the history's.
  const offline = await IndexedJournal.open('anne', name);
  expect(await offline.history(subject)).toEqual([]);
  await offline.release(await releasedKeys());
  expect(await offline.history(subject)).toHaveLength(2);
});

test('a journal of the first form is read, sent and kept', async () => {
  const account_key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  const one = entry('as it was', { account: 'anne' });
  const place = JSON.stringify([one.entry_id, 'anne', subject.practice_id, subject.kind, subject.id, one.field]);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const bytes = (text: string) => new TextEncoder().encode(text);
  const cipher = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: bytes(place) }, account_key, bytes(one.text));
  const { text: _text, ...rest } = one;
  const former = await openDB(name, 1, {
    upgrade(db) {
      db.createObjectStore('entries', { keyPath: 'entry_id' }).createIndex('by_account_state', ['account', 'state']);
      db.createObjectStore('keys');
      db.createObjectStore('device');
    },
  });
  await former.put('entries', { ...rest, iv, cipher, acknowledged_at: null });
  await former.put('keys', account_key, 'anne');
  former.close();

  const journal = await IndexedJournal.open('anne', name);
  const found = await journal.adopt('page-2', gone);
  expect(found.entries.map((each) => each.text)).toEqual(['as it was']);
  await journal.write([{ ...found.entries[0]!, text: 'as it is' }]);
  await journal.release(await releasedKeys());
  journal.close();
  await signOut();
  const again = await IndexedJournal.open('anne', name);
  await again.release(await releasedKeys());
  expect((await again.adopt('page-3', gone)).entries.map((each) => each.text)).toEqual(['as it is']);
});

test('what is kept for writing offline is sealed, and gone from sight with its key', async () => {
  const journal = await IndexedJournal.open('anne', name);
  await journal.keep({ name: '/consultations/c1', value: { patient: 'Lucas Petit' } });
  await journal.release(await releasedKeys());
  expect(await journal.recall('/consultations/c1')).toEqual({ patient: 'Lucas Petit' });
  expect(await journal.recall('/consultations/c2')).toBeNull();
  const db = await openDB(name);
  expect(JSON.stringify(await db.getAll('answers'))).not.toContain('Petit');
  journal.close();
  await signOut();
  expect(await (await IndexedJournal.open('anne', name)).recall('/consultations/c1')).toBeNull();
});
