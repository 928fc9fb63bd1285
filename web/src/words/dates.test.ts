// Dates as people say them, in three languages, across zones and the changes of summer time.
import { beforeEach, describe, expect, test } from 'vitest';
import { sayDate, sayDay, sayMoment, sayMomentShort, sayTime, sayZoneIfOther } from './dates';
import { addDays, dayIn, daysBetween, mondayOf, parseDay, weekdayOf } from './days';
import { sayDistance, sayLanguages } from './say';
import { showLanguage } from './words.svelte';

const paris = 'Europe/Paris';
const today = '2026-11-20';

beforeEach(() => showLanguage('fr'));

describe('a day', () => {
  test.each([
    ['fr', 'jeudi 26 novembre'],
    ['en', 'Thursday 26 November'],
    ['es', 'jueves 26 de noviembre'],
  ] as const)('is said in %s', async (code, said) => {
    await showLanguage(code);
    expect(sayDay('2026-11-26', today)).toBe(said);
  });
  test('of another year names the year', () => {
    expect(sayDay('2027-01-04', today)).toBe('lundi 4 janvier 2027');
  });
  test('that is the first of a month is so in French', () => {
    expect(sayDay('2026-12-01', today)).toBe('mardi 1er décembre');
    expect(sayDate('2026-12-01')).toBe('01/12/2026');
  });
});

describe('a moment', () => {
  test('is said in the site’s zone, whatever the offset it is written with', () => {
    const year = dayIn(paris).slice(0, 4);
    expect(sayMoment(`${year}-11-26T13:00:00Z`, paris)).toMatch(/26 novembre, 14:00$/);
    expect(sayTime('2026-11-26T14:00:00+01:00', 'Indian/Reunion')).toBe('17:00');
  });
  test('midnight is 00:00', () => {
    expect(sayTime('2026-11-26T00:00:00+01:00', paris)).toBe('00:00');
  });
  test('in short is relative to the day at the site', () => {
    const now = new Date('2026-11-25T23:30:00+01:00');
    expect(sayMomentShort('2026-11-25T23:50:00+01:00', paris, now)).toBe('auj. 23:50');
    expect(sayMomentShort('2026-11-26T09:00:00+01:00', paris, now)).toBe('dem. 09:00');
    expect(sayMomentShort('2026-11-29T14:00:00+01:00', paris, now)).toBe('dim. 14:00');
    expect(sayMomentShort('2026-12-03T14:00:00+01:00', paris, now)).toBe('3 déc. 14:00');
    // On La Réunion it is already the 26th.
    expect(sayMomentShort('2026-11-26T09:00:00+04:00', 'Indian/Reunion', now)).toBe('auj. 09:00');
  });
  test('both passages of the doubled hour are the same wall time', () => {
    expect(sayTime('2026-10-25T02:30:00+02:00', paris)).toBe('02:30');
    expect(sayTime('2026-10-25T02:30:00+01:00', paris)).toBe('02:30');
  });
  test('names the zone only where the device’s clock differs', () => {
    expect(sayZoneIfOther('2026-11-26T14:00:00+01:00', paris, 'Europe/Madrid')).toBe('');
    expect(sayZoneIfOther('2026-11-26T14:00:00+04:00', 'Indian/Reunion', paris)).toContain('Réunion');
  });
});

describe('calendar days', () => {
  test('are added over months, leap days and the change of time', () => {
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29');
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(addDays('2026-10-24', 2)).toBe('2026-10-26');
    expect(daysBetween('2026-03-28', '2026-03-30')).toBe(2);
  });
  test('know their week', () => {
    expect(weekdayOf('2026-11-22')).toBe(7);
    expect(mondayOf('2026-11-22')).toBe('2026-11-16');
    expect(mondayOf('2026-11-23')).toBe('2026-11-23');
  });
  test('are what a wall calendar shows in the zone', () => {
    expect(dayIn(paris, '2026-11-25T23:30:00Z')).toBe('2026-11-26');
  });
});

describe('a typed day', () => {
  test.each(['12/03/1984', '12.3.1984', '12-03-84', '12 3 84', '12031984', '120384', '1984-03-12', ' 12/03/1984 '])(
    '%s is 12 March 1984',
    (typed) => expect(parseDay(typed, today)).toBe('1984-03-12'),
  );
  test('of two digits is never in a coming year', () => {
    expect(parseDay('01/02/26', today)).toBe('2026-02-01');
    expect(parseDay('01/02/27', today)).toBe('1927-02-01');
  });
  test.each(['31/02/1984', '29/02/1983', '00/01/1984', '12/13/1984', '12/03', 'hier', '', '12/03/19845'])(
    '%s is none',
    (typed) => expect(parseDay(typed, today)).toBeNull(),
  );
});

test('distances and languages follow the screen’s language', async () => {
  expect(sayDistance(1.24)).toMatch(/^1,2\skm$/);
  expect(sayDistance(0)).toBe('moins de 1 km');
  expect(sayDistance(12.7)).toMatch(/^13\skm$/);
  expect(sayLanguages(['fr', 'es'])).toMatch(/français.*espagnol/);
  await showLanguage('en');
  expect(sayLanguages(['fr'])).toBe('French');
});
