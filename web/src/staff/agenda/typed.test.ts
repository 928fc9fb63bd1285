// @vitest-environment node
import { expect, test } from 'vitest';
import { readTime, readTyped } from './typed';

const sunday = '2026-11-22';

test('a day, a time and a name in any order', () => {
  const tuesday = { day: '2026-11-24', minutes: 870, rest: 'dupont marie' };
  expect(readTyped('mar 14h30 dupont marie', sunday)).toEqual(tuesday);
  expect(readTyped('dupont 14:30 mardi marie', sunday)).toEqual(tuesday);
  expect(readTyped('  martes   14h30 dupont marie ', sunday)).toEqual(tuesday);
});

test('a weekday is the next one, today included', () => {
  expect(readTyped('dim', sunday).day).toBe(sunday);
  expect(readTyped('sam.', sunday).day).toBe('2026-11-28');
});

test('near days and dates; a date without a year is the next one', () => {
  expect(readTyped('demain 9h', sunday)).toEqual({ day: '2026-11-23', minutes: 540, rest: '' });
  expect(readTyped('mañana', sunday).day).toBe('2026-11-23');
  expect(readTyped('24/11', sunday).day).toBe('2026-11-24');
  expect(readTyped('03/02', sunday).day).toBe('2027-02-03');
  expect(readTyped('31/02', sunday)).toEqual({ day: null, minutes: null, rest: '31/02' });
});

test('a name that begins like a day stays a name', () => {
  expect(readTyped('Martin', sunday).rest).toBe('Martin');
  expect(readTyped('mar Mardi', sunday)).toEqual({ day: '2026-11-24', minutes: null, rest: 'Mardi' });
});

test('times as people write them', () => {
  expect(['9h', '09h05', '14:30', '23H59'].map(readTime)).toEqual([540, 545, 870, 1439]);
  expect(['24h', '14h60', '9', '9h5', 'h', '14:3'].map(readTime)).toEqual([null, null, null, null, null, null]);
});
