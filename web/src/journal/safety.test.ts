// @vitest-environment node
import { describe, expect, test } from 'vitest';
import { mark, next, untouched, type Safety, type SafetyEvent, type StoredAs } from './safety';

const two: StoredAs = {
  revision_id: 'r1',
  copies: 2,
  machines: 1,
  where: 'same_machine',
  recorded_at: '2026-11-24T10:42:07+01:00',
};
const typed: SafetyEvent = { kind: 'typed', at: 0, over_long: null };
const matched = (change: number, heads = ['r1']): SafetyEvent => ({
  kind: 'matched',
  change,
  at: 100,
  stored_as: two,
  heads,
});

function after(...events: SafetyEvent[]): Safety {
  return events.reduce(next, untouched());
}

describe('a field is', () => {
  test('empty before anything', () => {
    expect(mark(untouched(), 0).kind).toBe('empty');
  });

  test('being written until the journal has confirmed the newest change', () => {
    expect(mark(after(typed), 0).kind).toBe('writing');
    const one_behind = after(typed, { kind: 'journalled', change: 1 }, typed);
    expect(mark(one_behind, 0).kind).toBe('writing');
  });

  test('on the device once the journal confirmed, late after five seconds', () => {
    const here = after(typed, { kind: 'journalled', change: 1 });
    expect(mark(here, 5_000)).toEqual({ kind: 'on_device', late: false });
    expect(mark(here, 5_001)).toEqual({ kind: 'on_device', late: true });
  });

  test('stored only when the newest change matched', () => {
    expect(mark(after(typed, matched(1)), 0)).toEqual({ kind: 'stored', stored_as: two });
    const more = after(typed, { kind: 'journalled', change: 1 }, typed, matched(1));
    expect(mark(more, 0).kind).toBe('writing');
    expect(mark(next(more, { kind: 'journalled', change: 2 }), 0).kind).toBe('on_device');
  });

  test('different until the writer has chosen, even when a later text matched', () => {
    const apart = after(typed, { kind: 'differs', heads: ['x'] }, typed, matched(2));
    expect(mark(apart, 0).kind).toBe('different');
    expect(mark(next(apart, { kind: 'resolved' }), 0).kind).toBe('stored');
  });

  test('only on this page when the journal failed, until a copy exists somewhere', () => {
    const failed = after(typed, { kind: 'journal_failed' });
    expect(mark(failed, 0).kind).toBe('only_here');
    expect(mark(next(failed, { kind: 'journalled', change: 1 }), 0).kind).toBe('on_device');
    expect(mark(next(failed, matched(1)), 0).kind).toBe('stored');
    const older = next(next(failed, typed), { kind: 'journalled', change: 1 });
    expect(mark(older, 0).kind).toBe('only_here');
  });

  test('refused until it is changed', () => {
    const refusal = { code: 'forbidden', detail: 'non' };
    const refused = after(typed, { kind: 'journalled', change: 1 }, { kind: 'refused', refusal });
    expect(mark(refused, 0)).toEqual({ kind: 'refused', refusal });
    expect(mark(next(refused, typed), 0).kind).toBe('writing');
  });

  test('to be merged when the server holds a head that this text does not include', () => {
    expect(mark(after(typed, matched(1, ['r1', 'r9'])), 0)).toEqual({ kind: 'two_heads', count: 2 });
    expect(mark(after(typed, matched(1, ['r9'])), 0)).toEqual({ kind: 'two_heads', count: 2 });
  });

  test('over-long with its length and the limit named', () => {
    const long = after({ kind: 'typed', at: 0, over_long: { length: 200_001, limit: 200_000 } });
    expect(mark(long, 0)).toEqual({ kind: 'over_long', length: 200_001, limit: 200_000 });
  });
});

test('what is typed after an answer has its own five seconds', () => {
  const busy = after(typed, typed, matched(1));
  expect(mark(next(busy, { kind: 'journalled', change: 2 }), 5_050)).toEqual({ kind: 'on_device', late: false });
});

test('no event sequence calls a field stored whose newest change did not match', () => {
  let seed = 20261122;
  const dice = (n: number) => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return seed % n;
  };
  for (let run = 0; run < 3_000; run += 1) {
    let safety = untouched();
    let newest_matched = 0;
    for (let step = 0; step < 15; step += 1) {
      const change = dice(safety.typed + 1);
      const events: SafetyEvent[] = [
        typed,
        { kind: 'journalled', change },
        matched(change),
        { kind: 'journal_failed' },
        { kind: 'differs', heads: [] },
        { kind: 'resolved' },
        { kind: 'refused', refusal: { code: 'x', detail: '' } },
      ];
      const event = events[dice(events.length)]!;
      safety = next(safety, event);
      if (event.kind === 'matched') newest_matched = Math.max(newest_matched, change);
      if (mark(safety, 0).kind !== 'stored') continue;
      expect(newest_matched).toBe(safety.typed);
    }
  }
});
