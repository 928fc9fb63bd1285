// The three languages say the same things: same keys, same values in them, whole plurals.
import { describe, expect, test } from 'vitest';
import en from './en.json';
import es from './es.json';
import fr from './fr.json';
import incidentFr from './incident.fr.json';
import staffFr from './staff.fr.json';
import { chooseLanguage, fill, language, preferredLanguage, t, type Entry } from './words.svelte';

const all: Record<string, Record<string, Entry>> = { fr, en, es };
const forms = (entry: Entry): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry));
const valuesIn = (entry: Entry): string[] =>
  [...new Set(forms(entry).flatMap((form) => form.match(/\{\w+\}/g) ?? []))].sort();

describe.each(['en', 'es'])('%s beside French', (code) => {
  test('has the same keys in the same order', () => {
    expect(Object.keys(all[code]!)).toEqual(Object.keys(fr));
  });
  test('uses the same values in each sentence', () => {
    for (const [key, entry] of Object.entries(all[code]!)) {
      expect(valuesIn(entry), key).toEqual(valuesIn((fr as Record<string, Entry>)[key]!));
    }
  });
});

describe.each(['fr', 'en', 'es'])('%s', (code) => {
  test('has no empty sentence and no space at an end', () => {
    for (const [key, entry] of Object.entries(all[code]!)) {
      for (const form of forms(entry)) expect(form, key).toMatch(/^\S(.*\S)?$/s);
    }
  });
  test('has one form for one and one for several in every plural', () => {
    for (const [key, entry] of Object.entries(all[code]!)) {
      if (typeof entry !== 'string') expect(Object.keys(entry), key).toEqual(['one', 'other']);
    }
  });
});

test('every sentence is said somewhere', () => {
  const sources = import.meta.glob('../**/*.{svelte,ts}', { query: '?raw', import: 'default', eager: true });
  const all = Object.values(sources).join('\n');
  const begun = [...all.matchAll(/t\(`([\w.]+)\$\{/g)].map((match) => match[1]!);
  const unsaid = Object.keys(fr).filter((key) => !all.includes(`'${key}'`) && !begun.some((part) => key.startsWith(part)));
  expect(unsaid).toEqual([]);
});

test.each([
  ['everybody', fr],
  ['the practice', staffFr],
  ['operators', incidentFr],
])('French for %s keeps its high punctuation on the line of its word', (_, sentences: Record<string, Entry>) => {
  for (const [key, entry] of Object.entries(sentences)) {
    for (const form of forms(entry)) expect(form, key).not.toMatch(/ [?!;:»]|« /);
  }
});

test('a plural follows the language, zero being singular in French and plural in English', () => {
  const entry = { one: '{count} time', other: '{count} times' };
  expect(fill(entry, { count: 0 }, 'fr-FR')).toBe('0 time');
  expect(fill(entry, { count: 0 }, 'en-GB')).toBe('0 times');
  expect(fill(entry, { count: 1 }, 'es-ES')).toBe('1 time');
  expect(fill(entry, { count: 2 }, 'es-ES')).toBe('2 times');
});

test('a category that the file does not have falls back to the general form', () => {
  expect(fill({ one: 'one', other: 'many' }, { count: 1_000_000 }, 'fr-FR')).toBe('many');
});

test('numbers are written in the way of the language, unknown values are left in sight', () => {
  expect(fill('{n}', { n: 1234567 }, 'en-GB')).toBe('1,234,567');
  expect(fill('{n} {m}', { n: 'a' }, 'en-GB')).toBe('a {m}');
});

test('the reader’s own choice wins over the browser, French over nothing', () => {
  expect(preferredLanguage('es', ['en-GB'])).toBe('es');
  expect(preferredLanguage(null, ['de-DE', 'en-US'])).toBe('en');
  expect(preferredLanguage('klingon', ['de'])).toBe('fr');
});

test('switching loads the words, sets the page’s language and remembers the choice', async () => {
  await chooseLanguage('en');
  expect([language(), t('nav.sign_in'), document.documentElement.lang]).toEqual(['en', 'Sign in', 'en']);
  expect(localStorage.getItem('manent.language')).toBe('en');
  await chooseLanguage('fr');
  expect(t('nav.sign_in')).toBe('Se connecter');
});
