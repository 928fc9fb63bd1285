// One seed of tests/browser/words.mjs at small size: every word typed is found, in the right field, once.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { campaign } from './words.mjs';

test('400 words typed through every fault are found in their fields, once', { timeout: 600_000 }, async () => {
  const said = [];
  const total = await campaign({ seeds: 1, seed: 20261125, words: 400, tell: (line) => said.push(line) });
  const { seeds, missing, misplaced, doubled } = total;
  assert.deepEqual({ seeds, missing, misplaced, doubled }, { seeds: 1, missing: 0, misplaced: 0, doubled: 0 }, said.join('\n'));
  assert.ok(total.words >= 400);
  assert.equal(Object.keys(total.faults).length, 8, 'every kind of fault came once at least');
});
