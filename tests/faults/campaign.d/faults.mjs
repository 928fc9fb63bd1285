// The faults, each with how often it is drawn. A fault does its harm, tells `hit` at each moment of it, and returns when
// nothing more is held back: from there on everything must come back by itself.
import { existsSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '../../support/server.mjs';
import { hold, holdCopy } from './hold.mjs';
import { machine_faults } from './machine_faults.mjs';
import { signal } from './machine.mjs';

const holdStandby = async ({ machine, witness, hit }, then) =>
  holdCopy(await machine.server.pid('standby'), { machine, hit, tell: (times) => witness.note('standby_frozen', times) }, then);

export const faults = [
  { name: 'server_killed', weight: 8, draw: (r) => ({}), run: async ({ machine, hit }) => { await machine.kill('server'); hit(); } },
  { name: 'keeper_killed', weight: 8, draw: (r) => ({}), run: async ({ machine, hit }) => { await machine.kill('keeper'); hit(); } },
  {
    name: 'primary_killed', weight: 8, draw: (r) => ({ with_children: r.chance(0.5) }),
    run: async ({ machine, hit }, { with_children }) => {
      await (with_children ? machine.killTree('primary') : machine.kill('primary'));
      hit();
    },
  },
  {
    name: 'primary_worker_killed', weight: 4, draw: (r) => ({ at: r.next() }),
    run: async ({ machine, hit }, { at }) => {
      const workers = await machine.workers('primary', /^postgres: /);
      signal(workers[Math.floor(at * workers.length)], 'SIGKILL');
      hit();
    },
  },
  {
    name: 'standby_killed', weight: 5, draw: (r) => ({ with_children: r.chance(0.5) }),
    run: async ({ machine, hit }, { with_children }) => {
      await (with_children ? machine.killTree('standby') : machine.kill('standby'));
      hit();
    },
  },
  { name: 'all_killed', weight: 8, draw: (r) => ({}), run: async ({ machine, hit }) => { await machine.killAll(); hit(); } },
  {
    name: 'power_cut', alone: true, weight: 10, needs: 'disk', draw: (r) => ({}),
    run: async ({ machine, hit }) => {
      let restored;
      machine.powered = new Promise((resolve) => (restored = resolve));
      try {
        await machine.disk.cutPower();
        hit();
        await machine.killAll();
        await machine.server.ended;
        await machine.disk.restorePower();
      } finally {
        restored();
      }
    },
  },
  {
    // Everything dies, and with it the first copy's disk: the second one must have every word that was called two copies.
    name: 'first_copy_lost', alone: true, weight: 6, draw: (r) => ({}),
    run: async ({ machine, ledger, second_copy, hit, say }) => {
      let copied;
      machine.powered = new Promise((resolve) => (copied = resolve));
      try {
        await machine.killAll();
        hit();
        await machine.server.ended;
        await second_copy.take(`${machine.server.data}/standby`);
      } finally {
        copied();
      }
      const called_two = (await ledger()).calledOnStandby(performance.now());
      try {
        await second_copy.start();
        const there = new Map((await second_copy.ask(`SELECT revision_id, encode(digest, 'hex') AS digest FROM manent.revision`))
          .map((row) => [row.revision_id, row.digest]));
        for (const each of called_two)
          if (there.get(each.revision_id) !== Buffer.from(each.digest, 'base64url').toString('hex'))
            say('copies', 'a word that was called two copies is not on the second one', each);
      } finally {
        await second_copy.remove();
      }
    },
  },
  {
    // The first copy's disk is gone for good. The keeper promotes the standby by itself when it has every word; otherwise
    // somebody has to say that words with one copy may go.
    name: 'primary_disk_lost', weight: 7, needs: 'two', alone: true, draw: (r) => ({ with_all: r.chance(0.4) }),
    run: async ({ machine, hit, promoted }, { with_all }) => {
      const { data } = machine.server;
      await until(() => existsSync(`${data}/standby.whole`), 30, 'the standby was never called whole');
      const told = machine.server.log.length;
      promoted();
      let lost;
      if (with_all) machine.powered = new Promise((resolve) => (lost = resolve));
      try {
        await (with_all ? machine.killAll() : machine.killTree('primary'));
        await rename(`${data}/primary`, `${data}/primary.lost`);
        hit();
        // The keeper may have been quick to start it again.
        await machine.killIn(`${data}/primary.lost`);
        await rm(`${data}/primary.lost`, { recursive: true, force: true });
      } finally {
        lost?.();
      }
      await until(async () => {
        const log = machine.server.log.slice(told);
        if (/"event":"promoted"/.test(log)) return true;
        // Once; and not when one that was killed in its middle has been finished meanwhile, which the log does not call so.
        return /"event":"primary_lost"/.test(log) &&
          machine.server.command('standby', 'promote', '--force').catch((refused) => /The primary answers/.test(refused.stderr));
      }, 60, 'nothing took the place of the lost primary');
    },
  },
  {
    name: 'recovery_torn', weight: 6, draw: (r) => ({ again: Array.from({ length: r.whole(1, 3) }, () => [r.pick(['keeper', 'primary', 'all']), r.between(100, 900)]) }),
    run: async ({ machine, hit }, { again }) => {
      await machine.killAll();
      hit();
      for (const [which, after_ms] of again) {
        await pause(after_ms);
        await (which === 'all' ? machine.killAll() : machine.kill(which)).catch(() => {});
        hit();
      }
    },
  },
  { name: 'server_stopped', weight: 4, draw: (r) => ({ ms: r.between(100, 2500) }), run: async ({ machine, hit }, { ms }) => { hit(); await hold([await machine.server.pid('server')], ms); } },
  { name: 'keeper_stopped', weight: 2, draw: (r) => ({ ms: r.between(100, 2500) }), run: async ({ machine, hit }, { ms }) => { hit(); await hold([await machine.server.pid('keeper')], ms); } },
  {
    name: 'primary_stopped', weight: 4, draw: (r) => ({ ms: r.between(100, 2500) }),
    run: async ({ machine, hit }, { ms }) => {
      hit();
      await hold((await machine.tree(await machine.server.pid('primary'))).reverse(), ms);
    },
  },
  { name: 'standby_stopped', weight: 8, needs: 'two', draw: (r) => ({ ms: r.between(200, 4000) }), run: (around, { ms }) => holdStandby(around, () => pause(ms)) },
  {
    name: 'standby_dies_in_wait', weight: 8, needs: 'two', draw: (r) => ({ ms: r.between(500, 2600) }),
    // The watchdog gives up a waiting commit's second copy after two seconds: most draws fall around that moment.
    run: (around, { ms }) => holdStandby(around, async () => {
      await pause(ms);
      await around.machine.killTree('standby');
    }),
  },
  {
    name: 'copy_link_held', weight: 4, needs: 'two', draw: (r) => ({ ms: r.between(100, 3500), side: r.pick(['primary', 'standby']) }),
    run: async ({ machine, hit }, { ms, side }) => {
      hit();
      await hold(await machine.workers(side, side === 'primary' ? /walsender/ : /walreceiver/), ms);
    },
  },
  {
    name: 'copy_link_cut', weight: 4, needs: 'two', draw: (r) => ({ side: r.pick(['primary', 'standby']) }),
    run: async ({ machine, hit }, { side }) => {
      for (const each of await machine.workers(side, side === 'primary' ? /walsender/ : /walreceiver/)) signal(each, 'SIGTERM');
      hit();
    },
  },
  {
    name: 'database_links_held', weight: 3, draw: (r) => ({ ms: r.between(100, 2000) }),
    run: async ({ machine, hit }, { ms }) => { hit(); await hold(await machine.workers('primary', /manent_app/), ms); },
  },
  {
    name: 'database_links_cut', weight: 5, draw: (r) => ({ times: r.whole(1, 6), ms: r.between(5, 120) }),
    run: async ({ machine, hit }, { times, ms }) => {
      for (let n = 0; n < times; ++n) {
        for (const each of await machine.workers('primary', /manent_app/)) signal(each, 'SIGTERM');
        hit();
        await pause(ms);
      }
    },
  },
  { name: 'network_cut', weight: 4, draw: (r) => ({ ms: r.between(50, 1500) }), run: async ({ network, hit }, { ms }) => { network.cut(); hit(); await pause(ms); network.heal(); } },
  { name: 'network_slowed', weight: 3, draw: (r) => ({ ms: r.between(300, 1500), delay_ms: r.between(50, 400) }), run: async ({ network, hit }, { ms, delay_ms }) => { network.slow(delay_ms); hit(); await pause(ms); network.heal(); } },
  { name: 'network_swallows', weight: 3, draw: (r) => ({ ms: r.between(50, 1000) }), run: async ({ network, hit }, { ms }) => { network.swallow(); hit(); await pause(ms); network.cut(); network.heal(); } },
  { name: 'answers_cut', weight: 6, draw: (r) => ({ lengths: Array.from({ length: r.whole(3, 25) }, () => r.whole(0, 1500)) }), run: async ({ network, hit }, { lengths }) => { network.cutAnswers(lengths); hit(); await pause(lengths.length * 20); network.heal(); } },
  {
    name: 'disk_full', alone: true, weight: 5, needs: 'disk', draw: (r) => ({ left: r.pick([0, 8192, 262144, 4_000_000, 60_000_000]), ms: r.between(200, 1800) }),
    run: async ({ machine, hit }, { left, ms }) => {
      await machine.disk.fill(left);
      hit();
      await pause(ms);
      await machine.disk.drain();
    },
  },
  {
    // The whole machine's clock, or that of one copy alone, forwards and back by up to two days. It is the true one again at
    // the keeper's next start.
    name: 'clock_jumped', weight: 4, needs: 'clock', alone: true,
    draw: (r) => ({
      of: r.pick([undefined, undefined, 'primary', 'standby']),
      jumps: Array.from({ length: r.whole(1, 3) }, () => [r.between(100, 900), Math.round(r.pick([1, -1]) * 10 ** r.between(0, 5.2))]),
    }),
    run: async ({ machine, hit }, { of, jumps }) => {
      await machine.startWithFalseClock(of);
      for (const [after_ms, offset_s] of jumps) {
        await pause(after_ms);
        await machine.clock.set(offset_s);
        hit();
      }
    },
  },
  {
    name: 'sessions_expire', weight: 4, draw: (r) => ({ share: r.pick([0.3, 1]) }),
    run: async ({ world, hit }, { share }) => {
      await world.sql(`UPDATE manent.session SET expires_at = now() WHERE expires_at > now() AND abs(hashtext(session_id::text)) % 100 < ${share * 100};`);
      hit();
    },
  },
  ...machine_faults,
];

/** What one cycle will suffer: most often one fault, sometimes two that overlap. */
export function draw(random, able) {
  const possible = faults.filter(({ needs, name }) => able(needs, name));
  const first = random.weighted(possible);
  const second = random.weighted(possible);
  // Two that both do something to the disk, or both hold the same copy, would only spoil each other.
  const spoil = (first.alone && second.alone) || (['two', 'machines'].includes(first.needs) && first.needs === second.needs);
  const both = random.chance(0.2) && !spoil;
  return [first, second].slice(0, both ? 2 : 1).map((fault, n) => {
    return { name: fault.name, after_ms: random.between(60, 500) + n * random.between(0, 700), ...fault.draw(random) };
  });
}

export const faultNamed = (name) => faults.find((each) => each.name === name);
