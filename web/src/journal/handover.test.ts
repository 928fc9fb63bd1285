// What may go to another page, and what would be on no screen if it went.
import { expect, test } from 'vitest';
import { freshDraft, seal } from './batches';
import { takeOut } from './handover';
import type { Entry } from './types';
import { freshWork, type Work } from './work';

const subject = { practice_id: 'p1', kind: 'consultation' as const, id: 'c1' };
const entryOf = (text: string): Entry => ({
  ...freshDraft({ account: 'anne', subject, field: 'motif', writer: 'w1', order: 1, bases: [], follows: null }), text,
});
const inherited = () => new Set(['motif']);

test('what waits to be sent goes, and leaves the field as it was before', () => {
  const batch = seal([entryOf('Toux')], 'k1');
  const works = new Map<string, Work>([['motif', { ...freshWork(), text: 'Toux', sending: { entry: batch.entries[0]!, change: 1 } }]]);
  const backlog = [batch];
  expect(takeOut(backlog, works, inherited()).map((entry) => entry.text)).toEqual(['Toux']);
  expect(backlog).toEqual([]);
  expect(works.get('motif')!.text).toBe('');
});

test('a text whose receipt is just being noted stays on its screen', () => {
  const { entries } = seal([entryOf('Toux')], 'k1');
  const works = new Map<string, Work>([['motif', { ...freshWork(), text: 'Toux', sending: { entry: entries[0]!, change: 1 } }]]);
  // Answered: it is out of what is to be sent, and not stored on the screen yet.
  expect(takeOut([], works, inherited())).toEqual([]);
  expect(works.get('motif')!.text).toBe('Toux');
  expect(works.get('motif')!.sending).not.toBeNull();
});
