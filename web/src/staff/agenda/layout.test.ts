// @vitest-environment node
import { expect, test } from 'vitest';
import { hoursShown, placed, spanOn } from './layout';

const paris = 'Europe/Paris';
const day = '2026-11-24';
const at = (from: string, until: string) => ({ starts_at: `${day}T${from}:00+01:00`, ends_at: `${day}T${until}:00+01:00` });

test('visits that overlap share the width, those that touch do not', () => {
  const all = placed([at('09:00', '09:20'), at('09:20', '09:40'), at('09:30', '10:00'), at('09:35', '09:45')], day, paris);
  expect(all.map(({ column, columns }) => [column, columns])).toEqual([
    [0, 1],
    [0, 3],
    [1, 3],
    [2, 3],
  ]);
});

test('none ever covers another', () => {
  let seed = 3;
  const dice = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
  const time = (minutes: number) =>
    `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
  for (let run = 0; run < 200; run += 1) {
    const items = Array.from({ length: 12 }, () => {
      const from = 480 + dice(120) * 5;
      return at(time(from), time(from + 5 + dice(20) * 5));
    });
    const all = placed(items, day, paris);
    for (const a of all) {
      for (const b of all) {
        if (a === b || a.column !== b.column) continue;
        expect(a.until <= b.from || b.until <= a.from).toBe(true);
      }
    }
  }
});

test('what spans days shows its part on each', () => {
  const holiday = { starts_at: '2026-11-23T18:00:00+01:00', ends_at: '2026-11-25T12:00:00+01:00' };
  expect(spanOn('2026-11-23', paris, holiday)).toEqual({ from: 1080, until: 1440 });
  expect(spanOn(day, paris, holiday)).toEqual({ from: 0, until: 1440 });
  expect(spanOn('2026-11-25', paris, holiday)).toEqual({ from: 0, until: 720 });
  expect(spanOn('2026-11-26', paris, holiday)).toBeNull();
});

test('the hours shown are whole and contain everything', () => {
  expect(hoursShown([])).toEqual({ from: 480, until: 1140 });
  expect(hoursShown([{ from: 435, until: 1230 }])).toEqual({ from: 420, until: 1260 });
});
