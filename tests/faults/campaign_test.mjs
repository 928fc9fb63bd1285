// Ten cycles of the fault campaign with a fixed seed. More of them: `tests/faults/campaign --help`.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { root } from '../support/server.mjs';

const { MANENT_CAMPAIGN_CYCLES: cycles = '10', MANENT_CAMPAIGN_SEED: seed = '20261122' } = process.env;

test(`${cycles} cycles of faults lose nothing, double nothing and let nothing overlap (seed ${seed})`, async () => {
  const campaign = spawn(path.join(root, 'tests/faults/campaign'), ['--cycles', cycles, '--seed', seed], { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  let told = '';
  campaign.stdout.on('data', (chunk) => (said += chunk));
  campaign.stderr.on('data', (chunk) => (told += chunk));
  const status = await new Promise((resolve) => campaign.once('close', resolve));
  assert.equal(status, 0, told);
  const { lost, doubled, overlaps, ...counted } = JSON.parse(said.trim().split('\n').at(-1));
  assert.deepEqual({ lost, doubled, overlaps }, { lost: 0, doubled: 0, overlaps: 0 });
  assert.equal(counted.cycles, Number(cycles));
  assert.ok(counted.receipts > 0 && counted.bookings > 0, said);
});
