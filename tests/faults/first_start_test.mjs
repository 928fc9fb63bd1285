// The first start of all, cut off: whatever moment it is, and whether processes die or the power goes, the next start brings
// an installation that serves and writes. As root the disk under it loses its power as well.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chmod, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { until } from '../support/server.mjs';
import { ready } from '../support/faults.mjs';
import * as record from '../api/record_world.mjs';
import { Disk } from './campaign.d/disk.mjs';
import { Machine } from './campaign.d/machine.mjs';
import { Random } from './campaign.d/random.mjs';

const { MANENT_FIRST_STARTS: starts = '2', MANENT_CAMPAIGN_SEED: seed = '20261122' } = process.env;
const longest_ms = 5000;

for (let n = 0; n < Number(starts); ++n) {
  const random = new Random(`${seed}/first start/${n}`);
  // The earlier and the later moments in turn.
  const after_ms = Math.round(random.between(50, longest_ms / 2) + (n % 2) * (longest_ms / 2));
  const with_power = random.chance(0.5);
  test(`a first start ${with_power ? 'without power' : 'killed'} after ${after_ms} ms is made good by the next one (seed ${seed})`, async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'manent-first-'));
    await chmod(folder, 0o755);
    const disk = await new Disk(folder).prepare();
    const machine = new Machine(disk, folder);
    const cut_power = with_power && disk.is_real;
    try {
      const first = machine.server.start().catch(() => {});
      await new Promise((resolve) => setTimeout(resolve, after_ms));
      if (cut_power) await disk.cutPower();
      await machine.killAll();
      for (const which of ['primary', 'primary.new', 'standby', 'standby.new']) await machine.killIn(path.join(disk.data, which));
      await machine.server.ended;
      await first;
      if (cut_power) await disk.restorePower();
      await machine.server.start().catch(async (failed) => {
        const complaints = await readFile(path.join(disk.data, 'logs/primary.log'), 'utf8').catch(() => '');
        assert.fail(`${failed.message}\n${complaints.slice(-2000)}`);
      });
      await ready(machine.server);
      const practice = await record.layPractice(machine.server, 'Cabinet');
      const { patient_id } = await record.addPatient(practice);
      const { consultation_id } = await record.openConsultation(practice, patient_id);
      await until(async () => (await record.save(practice, 'consultation', consultation_id, { examen: 'Toux' })).body.copies === 2,
        40, 'two copies never came');
    } finally {
      await machine.server.stop().catch(() => {});
      await disk.remove();
    }
  });
}
