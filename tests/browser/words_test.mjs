// A fixed seed of what words.mjs types in thousands of words: few words, and a blow of four kinds.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { campaign, sound } from './words.mjs';

test('every word typed while tab, network, server and primary are struck is found again, once, in its field', async () => {
  const told = [];
  const total = await campaign({ seed: 134, words: 100, faults: 4, seconds: 8, tell: (line) => told.push(line) });
  assert.ok(sound(total), `${JSON.stringify(total)}\n${told.join('\n')}`);
  assert.ok(total.words >= 100);
  assert.deepEqual(Object.keys(total.faults).sort(), ['cut_network', 'kill_primary', 'kill_server', 'kill_tab']);
});
