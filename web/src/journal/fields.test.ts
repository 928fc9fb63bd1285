// What a screen shows of the text that another page of the same device holds, and when it shows its own.
import { expect, test } from 'vitest';
import { Fields } from './fields';
import type { Base, Head } from './types';

const fields = () => new Fields(() => undefined);
const base: Base = { revision_id: 'r1', digest: 'd1' };
const head = (text: string, revision_id = 'r1'): Head => ({
  revision_id, text, digest: 'd1', salt: 's', recorded_at: '2026-11-26T10:00:00Z', author_name: 'Dr Roux',
});
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
