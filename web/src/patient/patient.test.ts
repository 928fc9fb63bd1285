// The small rules of the patients' pages: what a typed word finds, which motives may be booked, letters for a name.
import { describe, expect, test } from 'vitest';
import type { Motive } from '../api/types';
import { tidyCode } from '../sign-in/flow.svelte';
import { initials } from './initials';
import { admitted } from './motives';
import { fold, matchesWords, readWish } from './search-wish';

test.each([
  ['Médecin généraliste', 'med gen', true],
  ['Sage-femme', 'femme', true],
  ['Ophtalmologue', 'OPHTA', true],
  ['Dr Éléonore Œuvré', 'oeuvre', true],
  ['Médecin généraliste', 'iste', false],
])('%s for « %s »: %s', (label, typed, found) => {
  expect(matchesWords(label, typed)).toBe(found);
});

test('folding takes accents, hyphens and apostrophes alike', () => {
  expect(fold("Saint-Étienne-d’Albagnan")).toBe('saint etienne d albagnan');
});

test('a wish is read from the address, and what is not there is empty', () => {
  const wish = readWish(new URLSearchParams('specialty=pneumology&known=true'));
  expect([wish.specialty, wish.known, wish.place]).toEqual(['pneumology', 'true', '']);
});

describe('motives', () => {
  const motives = ['new', 'known', 'both'].map((admits) => ({ motive_id: admits, admits }) as Motive);
  test.each([
    ['true', ['known', 'both']],
    ['false', ['new', 'both']],
    ['', ['new', 'known', 'both']],
  ])('known = « %s » admits %s', (known, expected) => {
    expect(admitted(motives, known).map((each) => each.motive_id)).toEqual(expected);
  });
});

test.each([
  ['Dr Guillaume Marcel', 'GM'],
  ['Éléonore Œuvré-Müller', 'ÉŒ'],
  ['Madonna', 'M'],
])('%s has the letters %s', (name, letters) => expect(initials(name)).toBe(letters));

test('a code is the same however it was grouped', () => {
  expect(tidyCode(' 123 456 ')).toBe('123456');
});
