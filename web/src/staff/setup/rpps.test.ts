import { expect, test } from 'vitest';
import { numberState } from './rpps';

test.each([
  ['', 'empty'],
  ['1010', 'begun'],
  ['10100050078', 'good'],
  ['10100 050 078', 'good'],
  ['10100050079', 'wrong_key'],
  ['10100500078', 'wrong_key'],
  ['479300123', 'good'],
  ['2a9300123', 'good'],
  ['810100050078', 'wrong_length'],
  ['10x', 'wrong_length'],
])('%s is %s', (typed, state) => expect(numberState(typed)).toBe(state));

test('every single mistyped digit is noticed', () => {
  const good = '10003004008';
  for (let at = 0; at < good.length; at += 1)
    for (let digit = 0; digit < 10; digit += 1) {
      const typed = good.slice(0, at) + String(digit) + good.slice(at + 1);
      expect(numberState(typed)).toBe(typed === good ? 'good' : 'wrong_key');
    }
});
