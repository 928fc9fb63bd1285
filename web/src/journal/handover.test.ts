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
const worksWith = (more: Partial<Work>) => new Map<string, Work>([['motif', { ...freshWork(), text: 'Toux', ...more }]]);

test('what waits to be sent goes, and is still shown as held elsewhere', () => {
  const batch = seal([entryOf('Toux')], 'k1');
  const works = worksWith({ sending: { entry: batch.entries[0]!, change: 1 } });
  const backlog = [batch];
  expect(takeOut(backlog, works, 'motif').map((entry) => entry.text)).toEqual(['Toux']);
  expect(backlog).toEqual([]);
  expect(works.get('motif')).toEqual({ ...freshWork(), text: 'Toux', elsewhere: 'held' });
});

test('what shares a request with it goes along, and nothing else', () => {
  const together = seal([entryOf('Toux'), { ...entryOf('Râles'), field: 'examen' }], 'k1');
  const apart = seal([{ ...entryOf('Repos'), field: 'conclusion' }], 'k2');
  const backlog = [together, apart];
  const works = new Map<string, Work>();
  expect(takeOut(backlog, works, 'examen').map((entry) => entry.text).sort()).toEqual(['Râles', 'Toux']);
  expect(backlog).toEqual([apart]);
  expect([...works.keys()].sort()).toEqual(['examen', 'motif']);
});

test('a text whose receipt is just being noted stays on its screen', () => {
  const { entries } = seal([entryOf('Toux')], 'k1');
  const works = worksWith({ sending: { entry: entries[0]!, change: 1 } });
  // Answered: it is out of what is to be sent, and not stored on the screen yet.
  expect(takeOut([], works, 'motif')).toEqual([]);
  expect(works.get('motif')!.elsewhere).toBeNull();
  expect(works.get('motif')!.sending).not.toBeNull();
});

test('where the writer has still to choose, the choice stays where it is shown', () => {
  const batch = seal([entryOf('Toux')], 'k1');
  expect(takeOut([batch], worksWith({ kept: [entryOf('Fièvre')] }), 'motif')).toEqual([]);
});
