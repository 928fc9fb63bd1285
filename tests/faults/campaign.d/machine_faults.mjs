// What befalls two machines: the cable between them, the other one, and the loss of the first.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { holdCopy } from './hold.mjs';
import { signal } from './machine.mjs';

/** Nothing arrives for a time; whatever is acknowledged of it cannot be on the other machine, and the witness is told so. */
async function part({ other, witness, hit }, ms) {
  await other.cable.cut();
  const from = performance.now();
  hit();
  await pause(ms);
  await witness.note('machines_parted', { from, to: performance.now() });
  await other.cable.mend();
}

/** Answers what the log says from a moment on since which each commit has waited for every copy. */
async function allWait({ machine, other }) {
  for (;;) {
    await other.everyCopy(30);
    const told = machine.server.log.length;
    await pause(1200);
    const since = () => machine.server.log.slice(told);
    if (!/copies_switched/.test(since())) return since;
  }
}

export const machine_faults = [
  { name: 'cable_cut', needs: 'machines', weight: 8, draw: (r) => ({ ms: r.between(200, 7000) }), run: (around, { ms }) => part(around, ms) },
  {
    name: 'cable_slowed', needs: 'machines', weight: 6, draw: (r) => ({ kbit: r.pick([32, 128, 512, 2000]), ms: r.between(500, 5000) }),
    run: async ({ other, hit }, { kbit, ms }) => {
      await other.cable.slow(kbit);
      hit();
      await pause(ms);
      await other.cable.quicken();
    },
  },
  {
    // So slow that something is always half said when the connection is torn, or the cable falls silent.
    name: 'cable_cut_inside_answer', needs: 'machines', weight: 8,
    draw: (r) => ({ kbit: r.pick([16, 64, 256]), cuts: Array.from({ length: r.whole(1, 5) }, () => [r.between(50, 800), r.chance(0.6) ? 0 : r.between(50, 3000)]) }),
    run: async (around, { kbit, cuts }) => {
      const { cable } = around.other;
      await cable.slow(kbit);
      for (const [after_ms, silent_ms] of cuts) {
        await pause(after_ms);
        if (silent_ms > 0) await part(around, silent_ms);
        else {
          await cable.tear();
          around.hit();
        }
      }
      await cable.quicken();
    },
  },
  {
    name: 'other_killed', needs: 'machines', weight: 6, draw: (r) => ({ which: r.pick(['keeper', 'standby', 'all']) }),
    run: async ({ other, hit }, { which }) => {
      await (which === 'all' ? other.killAll() : signal(await other.pid(which), 'SIGKILL'));
      hit();
    },
  },
  {
    name: 'other_stopped', needs: 'machines', weight: 6, draw: (r) => ({ ms: r.between(200, 5000) }),
    run: async ({ machine, other, witness, hit }, { ms }) =>
      holdCopy(await other.pid('standby'), { machine, hit, tell: (times) => witness.note('machines_parted', times) }, () => pause(ms)),
  },
  {
    name: 'other_power_cut', needs: 'machines', weight: 6, draw: (r) => ({}),
    run: async ({ other, hit }) => {
      if (!other.disk.is_real) return;
      let restored;
      other.powered = new Promise((resolve) => (restored = resolve));
      try {
        await other.disk.cutPower();
        hit();
        const { process } = other;
        await other.killAll();
        await process.ended;
        await other.disk.restorePower();
      } finally {
        restored();
      }
    },
  },
  {
    // The first machine is gone for good, with or without a last word. Somebody makes the other one the primary's, with the
    // key from the safe: every word that was called two machines must be there, and all that was waited for.
    name: 'machine_lost', needs: 'machines', alone: true, weight: 14, draw: (r) => ({ silently: r.chance(0.5) }),
    run: async (around, { silently }) => {
      const { machine, other, hit, moved } = around;
      const said = await allWait(around);
      const { data } = machine.server;
      let replaced;
      machine.powered = new Promise((resolve) => (replaced = resolve));
      try {
        if (silently) await other.cable.cut();
        await machine.killAll();
        hit();
        await machine.server.ended;
        for (const which of ['primary', 'standby']) await machine.killIn(path.join(data, which));
        const settings = await readFile(path.join(data, 'primary/postgresql.auto.conf'), 'utf8');
        // Left out in the last moment: then nobody would promote it while the first machine may come back.
        if (/copies_switched/.test(said()) || !/manent_distant/.test(settings)) return;
        moved();
        await other.takeOver();
      } finally {
        if (silently) await other.cable.mend();
        replaced();
      }
    },
  },
];
