// @vitest-environment node
import { expect, test } from 'vitest';
import { compareWords, joined, openPlaces, tokens, type Piece } from './merge';

const parted = (pieces: Piece[]) => pieces.filter((piece) => piece.kind === 'parted');

test('tokens joined again are the text', () => {
  const text = '  TA 12/8,  pouls 72.\n\nPas d’œdème 😀 e\u0301tat مرحبا ';
  expect(tokens(text).join('')).toBe(text);
});

test('shows where two texts part, word by word', () => {
  const pieces = compareWords('Toux sèche depuis 3 jours.', 'Toux grasse depuis 3 jours, fièvre.');
  expect(parted(pieces)).toEqual([
    { kind: 'parted', mine: 'sèche', theirs: 'grasse' },
    { kind: 'parted', mine: '', theirs: ', fièvre' },
  ]);
});

test('without a choice nothing of either text is lost', () => {
  const pieces = compareWords('Allergie : pénicilline', 'Allergie : iode');
  expect(joined(pieces, [])).toBe('Allergie : pénicilline iode');
});

test('choices make exactly the text chosen', () => {
  const mine = 'a b cough d e f';
  const theirs = 'a x cough d y z f';
  const pieces = compareWords(mine, theirs);
  const count = parted(pieces).length;
  expect(joined(pieces, Array<'mine'>(count).fill('mine'))).toBe(mine);
  expect(joined(pieces, Array<'theirs'>(count).fill('theirs'))).toBe(theirs);
  expect(joined(pieces, ['theirs', 'mine'])).toBe('a x cough d e f');
});

test('differences close together are one, so that phrases stay whole', () => {
  const pieces = compareWords('bilatéraux. Pas d’œdème des membres.', 'bilatéraux, quelques crépitants à droite.');
  expect(parted(pieces)).toHaveLength(1);
  expect(parted(compareWords('FC 76, SpO₂ 97', 'FC 82, SpO₂ 95'))).toHaveLength(2);
  expect(parted(compareWords('a\nb', 'x\ny'))).toHaveLength(2);
});

test('where both sides have words somebody must choose; an addition needs no choice', () => {
  const pieces = compareWords('FC 76, toux', 'FC 82, toux, fièvre');
  expect(openPlaces(pieces, [])).toEqual([0]);
  expect(openPlaces(pieces, ['theirs'])).toEqual([]);
  expect(joined(pieces, ['theirs'])).toBe('FC 82, toux, fièvre');
});

test('any two texts come back whole from their pieces', () => {
  let seed = 7;
  const dice = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
  const words = ['toux', ' ', 'fièvre', '\n', ',', '😀', ' ', 'TA'];
  const draw = () => Array.from({ length: dice(25) }, () => words[dice(words.length)]!).join('');
  for (let run = 0; run < 2_000; run += 1) {
    const mine = draw();
    const theirs = draw();
    const pieces = compareWords(mine, theirs);
    const count = parted(pieces).length;
    expect(joined(pieces, Array<'mine'>(count).fill('mine'))).toBe(mine);
    expect(joined(pieces, Array<'theirs'>(count).fill('theirs'))).toBe(theirs);
  }
});

test('two long texts without a word in common stay quick and whole', () => {
  const mine = Array.from({ length: 20_000 }, (_, i) => `a${i}`).join(' ');
  const theirs = Array.from({ length: 20_000 }, (_, i) => `b${i}`).join('\n');
  const before = performance.now();
  const pieces = compareWords(mine, theirs);
  expect(performance.now() - before).toBeLessThan(5_000);
  expect(joined(pieces, ['mine'])).toBe(mine);
});
