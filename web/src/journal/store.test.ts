// @vitest-environment node
import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { freshDraft } from './batches';
import { history_days, IndexedJournal } from './store';
import type { Entry, Subject } from './types';

const subject: Subject = { practice_id: 'p1', kind: 'consultation', id: 'c1' };
const nobody = new Set<string>();
let name = '';
let nth = 0;

beforeEach(() => {
  nth += 1;
  name = `journal-${nth}`;
});
afterEach(() => vi.useRealTimers());

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
  expect((await again.adopt('page-2', nobody)).entries.map((one) => one.text)).toEqual([text]);
});

test('the text lies encrypted, and the key cannot be read', async () => {
  const journal = await IndexedJournal.open('anne', name);
  await journal.write([entry('séropositif')]);
  const [row] = await raw();
  expect(JSON.stringify(row)).not.toContain('séropositif');
  const bytes = new TextDecoder('latin1').decode(row!.cipher as ArrayBuffer);
  expect(bytes).not.toContain('positif');
  const db = await openDB(name);
  const key = (await db.get('keys', 'anne')) as CryptoKey;
  expect(key.extractable).toBe(false);
  await expect(crypto.subtle.exportKey('raw', key)).rejects.toThrow();
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
  await journal.adopt('page-2', nobody);
  await journal.prune(Date.now());
  expect(asked.length).toBeGreaterThan(3);
  expect(new Set(asked)).toEqual(new Set(['strict']));
  vi.restoreAllMocks();
});

test('a page that lives keeps its entries, one that died hands them over', async () => {
  const journal = await IndexedJournal.open('anne', name);
  await journal.write([entry('mine', { writer: 'alive' }), entry('left', { writer: 'dead' })]);
  const found = await journal.adopt('me', new Set(['alive', 'me']));
  expect(found.entries.map((one) => one.text)).toEqual(['left']);
  expect(found.entries[0]?.writer).toBe('me');
});

test('another account neither sees nor opens the entries', async () => {
  const anne = await IndexedJournal.open('anne', name);
  await anne.write([entry('secret')]);
  const marc = await IndexedJournal.open('marc', name);
  expect((await marc.adopt('page-9', nobody)).entries).toEqual([]);
  const db = await openDB(name);
  const [row] = await raw();
  await db.put('entries', { ...row, account: 'marc' });
  expect(await marc.adopt('page-9', nobody)).toEqual({ entries: [], unreadable: 1 });
});

test('an entry moved by hand to another consultation or field is told, and kept', async () => {
  const journal = await IndexedJournal.open('anne', name);
  await journal.write([entry('a'), entry('b'), entry('c')]);
  const db = await openDB(name);
  const rows = await raw();
  await db.put('entries', { ...rows[0], field: 'conclusion' });
  await db.put('entries', { ...rows[1], subject: { ...subject, id: 'c2' } });
  const found = await journal.adopt('page-2', nobody);
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
  expect((await journal.adopt('page-2', nobody)).entries).toHaveLength(3);
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
  expect((await two.adopt('y', nobody)).unreadable).toBe(0);
});
