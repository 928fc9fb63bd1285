// @vitest-environment node
import { expect, test } from 'vitest';
import { clockMinutes, clockText, instantAt } from './zone';

const paris = 'Europe/Paris';

test('a wall time has the offset of its day', () => {
  expect(instantAt('2026-11-24', 14 * 60 + 30, paris)).toBe('2026-11-24T14:30:00+01:00');
  expect(instantAt('2026-07-01', 9 * 60, paris)).toBe('2026-07-01T09:00:00+02:00');
  expect(instantAt('2026-11-24', 8 * 60, 'America/Martinique')).toBe('2026-11-24T08:00:00-04:00');
  expect(instantAt('2026-11-24', 8 * 60, 'Pacific/Kiritimati')).toBe('2026-11-24T08:00:00+14:00');
});

test('a time that the clocks skip is none, a repeated one is the first', () => {
  expect(instantAt('2026-03-29', 2 * 60 + 30, paris)).toBeNull();
  expect(instantAt('2026-10-25', 2 * 60 + 30, paris)).toBe('2026-10-25T02:30:00+02:00');
});

test('there and back over a year, every quarter of an hour of every week', () => {
  for (let week = 0; week < 53; week += 1) {
    const day = new Date(Date.UTC(2026, 0, 1 + week * 7)).toISOString().slice(0, 10);
    for (let minutes = 0; minutes < 1440; minutes += 15) {
      const instant = instantAt(day, minutes, paris);
      if (instant !== null) expect(clockMinutes(instant, paris)).toBe(minutes);
    }
  }
});

test('midnight is 00:00', () => {
  expect(clockMinutes('2026-11-24T00:00:00+01:00', paris)).toBe(0);
  expect(clockText(0)).toBe('00:00');
});
