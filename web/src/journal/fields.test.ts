// What a screen shows of the text that another page of the same device holds, and when it shows its own.
import { expect, test } from 'vitest';
import { freshDraft } from './batches';
import { Fields } from './fields';
import type { Base, FieldReceipt, Head, Receipt } from './types';

const fields = () => new Fields(() => undefined);
const base: Base = { revision_id: 'r1', digest: 'd1' };
const head = (text: string, revision_id = 'r1'): Head => ({
  revision_id, text, digest: 'd1', salt: 's', recorded_at: '2026-11-26T10:00:00Z', author_name: 'Dr Roux',
});
const subject = { practice_id: 'p1', kind: 'consultation' as const, id: 'c1' };
const stated = (revision_id: string): FieldReceipt => ({ field: 'motif', revision_id, salt: 's', digest: 'd', heads: [revision_id], addendum: false });
const receipt: Receipt = {
  receipt_id: 'q1', practice_id: 'p1', subject_kind: 'consultation', subject_id: 'c1', recorded_at: '2026-11-26T10:01:00Z',
  retracted: false, copies: 2, machines: 1, where: 'same_machine', fields: [],
};
const shown = (of: Fields, field = 'motif') => [of.work(field).text, of.mark(field).kind];

test('text of another page is shown over what is stored, until the server was read after it', () => {
  const some = fields();
  some.load('motif', [head('Toux')]);
  some.mirror(new Map([['motif', { text: 'Toux depuis 3 jours', bases: [base] }]]));
  some.load('motif', [head('Toux')]);
  expect(shown(some)).toEqual(['Toux depuis 3 jours', 'elsewhere']);
  some.mirror(new Map());
  expect(shown(some)).toEqual(['Toux depuis 3 jours', 'elsewhere']);
  some.load('motif', [head('Toux depuis 3 jours', 'r2')]);
  expect(shown(some)).toEqual(['Toux depuis 3 jours', 'stored']);
});

test('an answer of the server that may be older than what was stored meanwhile is not shown', () => {
  const some = fields();
  some.reading();
  some.load('motif', [head('Toux')]);
  some.tell('motif', { kind: 'typed', at: 0, over_long: null });
  const entry = { ...freshDraft({ account: 'anne', subject, field: 'motif', writer: 'w', order: 1, bases: [base], follows: null }), text: 'Toux grasse' };
  Object.assign(some.work('motif'), { text: 'Toux grasse', sending: { entry, change: 1 } });
  some.reading();
  some.answered({ entry, matched: true, stated: stated('r2') }, receipt);
  expect(some.load('motif', [head('Toux')])).toBe(false);
  expect(shown(some)).toEqual(['Toux grasse', 'stored']);
  some.reading();
  expect(some.load('motif', [head('Toux grasse', 'r2'), head('of somebody else', 'r3')])).toBe(true);
  expect(shown(some)).toEqual(['Toux grasse', 'two_heads']);
});

test('text that was written beside what this screen wrote does not take its place', () => {
  const some = fields();
  some.load('motif', [head('Toux')]);
  some.tell('motif', { kind: 'typed', at: 0, over_long: null });
  some.mirror(new Map([['motif', { text: 'of before', bases: [] }]]));
  expect(shown(some)).toEqual(['Toux', 'writing']);
  some.mirror(new Map([['motif', { text: 'Toux grasse', bases: [base] }]]));
  expect(shown(some)).toEqual(['Toux grasse', 'elsewhere']);
});

test('a field that nobody hands over is written here, and stays here until the other page has stored', () => {
  const some = fields();
  const held = new Map([['motif', { text: 'Toux', bases: [] }]]);
  some.mirror(held);
  expect(some.insist('motif')).toBe(true);
  some.mirror(held);
  some.load('motif', []);
  expect(shown(some)).toEqual(['', 'empty']);
  expect(some.insist('motif')).toBe(false);
  some.mirror(new Map());
  some.mirror(held);
  expect(some.mark('motif').kind).toBe('elsewhere');
});

test('an addendum of another page goes from the screen once it is stored', () => {
  const some = fields();
  some.mirror(new Map([['examen+1', { text: 'Ajout', bases: [] }]]));
  expect(some.mirrored()).toEqual(['examen+1']);
  some.mirror(new Map());
  expect(some.mirrored()).toEqual([]);
});
