// One campaign: a server on a disk of its own, people who work with it through a network of its own, a witness outside, and
// cycle after cycle of faults.
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { twoCopies } from '../../support/faults.mjs';
import { Booker } from './booker.mjs';
import { Checks } from './checks.mjs';
import { Disk } from './disk.mjs';
import { draw, faultNamed } from './faults.mjs';
import { JournalWriter, loadJournal } from './journal_writer.mjs';
import { Ledger, onStandby } from './ledger.mjs';
import { Machine } from './machine.mjs';
import { Network } from './network.mjs';
import { OtherMachine } from './other_machine.mjs';
import { Practitioner } from './practitioner.mjs';
import { Random } from './random.mjs';
import { SecondCopy } from './second_copy.mjs';
import { Witness } from './witness.mjs';
import { World } from './world.mjs';

/** Long enough for a recovery on a busy machine; whatever takes longer has not come back. */
const recovery_ms_max = 90_000;
const verify_every = 100;
const agenda_every = 150;

/** Tells when, after a fault, a write was acknowledged again that was sent after it. */
class Pulse {
  constructor() {
    this.hits = [];
    this.first = null;
    this.waiting = [];
  }
  hit() {
    this.hits.push(performance.now());
    this.first = null;
  }
  acknowledged({ sent_at, answered_at }) {
    if (this.hits.length === 0 || this.first !== null || sent_at < this.hits.at(-1)) return;
    this.first = answered_at;
    for (const done of this.waiting.splice(0)) done();
  }
  /** From the first moment of harm to the first write afterwards. */
  get unavailable_ms() {
    return this.first - this.hits[0];
  }
  recovered() {
    return this.first !== null ? Promise.resolve() : new Promise((resolve) => this.waiting.push(resolve));
  }
}

/** Fails when `work` takes longer; time in which the campaign itself was stopped, or got no turn, does not count. */
function within(work, ms, what) {
  let left = ms;
  let tick;
  const never = new Promise((_, reject) => {
    tick = setInterval(() => (left -= 100) < 0 && reject(new Error(what)), 100);
  });
  return Promise.race([work, never]).finally(() => clearInterval(tick));
}

/** Counts how often this process itself stood still for seconds: what was measured meanwhile says nothing. */
class Standstills {
  constructor() {
    this.count = 0;
    let last = performance.now();
    setInterval(() => {
      if (performance.now() - last > 2000) this.count += 1;
      last = performance.now();
    }, 100).unref();
  }
}

export class Campaign {
  constructor({ folder, seed, only, machines, say }) {
    Object.assign(this, { folder, seed, only, machines, say });
    this.machines_lost = 0;
    this.done = 0;
    this.unavailable = [];
    this.pulse = new Pulse();
    this.standstills = new Standstills();
  }

  async start() {
    const disk = await new Disk(this.folder).prepare();
    this.machine = new Machine(disk, this.folder);
    this.clocks_jump = await this.machine.clock.prepare();
    await this.machine.start();
    this.network = await new Network(() => this.machine.server.port).start();
    this.witness = await new Witness(this.folder).start();
    this.ledger = new Ledger();
    this.second_copy = new SecondCopy(path.join(disk.memory, 'second'));
    this.world = new World(this.machine.server);
    const around = { network: this.network, witness: this.witness, world: this.world, pulse: { acknowledged: (answer) => this.pulse.acknowledged(answer) } };
    const practitioners = ['Anne', 'Bela', 'Chloé', 'Dara'].map((name) => new Practitioner(around, name));
    const bookers = [1, 2, 3, 4].map((n) => new Booker(around, `patient ${n}`));
    await this.world.lay({ practitioners, bookers, patients: 6 });
    Object.assign(this, { practitioners, bookers });
    this.journal_writer = new JournalWriter(await loadJournal(this.folder), practitioners[3]);
    this.checks = new Checks(this.ledger, this.machine, this.world);
    if (this.machines > 1) await this.layOther();
    await this.everyCopy();
    (await this.readLedger()).takeFresh();
  }

  /** The other machine, with a disk of its own, and the safe that holds the key. */
  async layOther() {
    const folder = path.join(this.folder, 'elsewhere');
    await mkdir(folder);
    const other = new OtherMachine(this.machine, await new Disk(folder).prepare(), path.join(this.folder, 'safe'));
    const reason = other.lay();
    this.other = other;
    if (reason) throw new Error(reason);
    await other.join();
  }

  /** An idle server whose clock was set back counts a second copy again with its next write. */
  async everyCopy() {
    await this.machine.server.psql(`SET synchronous_commit = local; SELECT pg_logical_emit_message(true, 'campaign', '')`).catch(() => {});
    if (!this.other) return twoCopies(this.machine.server);
    if (!this.other.joined) await this.other.join();
    try {
      await this.other.everyCopy(60);
    } catch (never) {
      const complaint = await this.other.lastComplaint();
      throw new Error(`${never.message}; the other machine's last complaint: ${complaint}`);
    }
  }

  able(needs, name) {
    if (this.only && !this.only.includes(name)) return false;
    if (needs === 'machines') return this.other !== undefined;
    if (needs === 'clock') return this.clocks_jump;
    return needs !== 'disk' || this.machine.disk.is_real;
  }

  /** Answers what was found broken; null when everything held. */
  async cycle(number) {
    this.at = number;
    const began = performance.now();
    const random = new Random(`${this.seed}/${number}`);
    const plan = draw(random.fork('faults'), (needs, name) => this.able(needs, name));
    this.plan = plan;
    if (plan.some(({ name }) => ['two', 'machines'].includes(faultNamed(name).needs)) || random.chance(0.5)) await this.everyCopy();
    if (this.done % agenda_every === agenda_every - 1) await this.world.layAgenda();
    const found = [...(await this.suffer(plan, random)), ...(await this.check(random))];
    this.done += 1;
    const { receipts, bookings } = this.ledger;
    const names = plan.map(({ name }) => name).join(' + ');
    this.say(`cycle ${number}: ${names}; unavailable ${Math.round(this.pulse.unavailable_ms)} ms; ${receipts} receipts, ${bookings} bookings so far; ${((performance.now() - began) / 1000).toFixed(1)} s`);
    return found.length > 0 ? { cycle: number, found, plan } : null;
  }

  /** Everybody works, the faults come, a write is acknowledged again, and everybody finishes what they began. */
  async suffer(plan, random) {
    this.pulse = new Pulse();
    const standstills = this.standstills.count;
    const starts = random.fork('starts').shuffled(await this.world.slots(7 + random.whole(0, 300))).slice(0, 14);
    let working = true;
    const busy = () => working;
    const shared = await within(this.practitioners[0].open(random), recovery_ms_max, 'no consultation could be opened');
    const work = Promise.all([
      ...this.practitioners.slice(0, 3).map((each) => each.work(random.fork(each.name), busy, shared)),
      this.journal_writer.work(random.fork('journal'), busy),
      ...this.bookers.map((each, n) => each.work(random.fork(`booker ${n}`), busy, starts)),
    ]);
    const found = [];
    const around = {
      machine: this.machine, network: this.network, witness: this.witness, world: this.world, second_copy: this.second_copy,
      other: this.other,
      hit: () => this.pulse.hit(), say: (promise, what, more) => found.push({ promise, what, ...more }),
      ledger: () => this.readLedger(),
      promoted: () => (this.checks.may_be_gone = (receipt) => !onStandby(receipt)),
      moved: () => {
        this.machines_lost += 1;
        this.checks.may_be_gone = ({ machines }) => machines < 2;
      },
    };
    const harm = Promise.all(plan.map(async ({ name, after_ms, ...how }) => {
      await pause(after_ms);
      await faultNamed(name).run(around, how).catch((failed) => this.say(`  ${name}: ${failed.message}`));
      // A fault that found nothing to harm, because another one had been there before, counts as a moment all the same.
      if (this.pulse.hits.length === 0) this.pulse.hit();
    }));
    try {
      await within(Promise.race([harm, work.then(() => harm)]), recovery_ms_max, 'a fault never ended');
      await within(Promise.race([this.pulse.recovered(), work.then(() => this.pulse.recovered())]), recovery_ms_max, 'no write was acknowledged again');
      await pause(random.between(50, 300));
      working = false;
      await within(work, recovery_ms_max, 'somebody never got an answer');
    } finally {
      working = false;
    }
    if (this.standstills.count === standstills) this.unavailable.push(this.pulse.unavailable_ms);
    return found;
  }

  /** With everything that the witness has on its disk by now. */
  async readLedger() {
    this.ledger.take(await this.witness.read());
    return this.ledger;
  }

  async check(random) {
    const acts = (await this.readLedger()).takeFresh();
    const found = await this.checks.cycle(acts);
    const say = (promise, what, more) => found.push({ promise, what, ...more });
    await within(this.checks.shown(this.practitioners[0], say), recovery_ms_max, 'the record was never shown');
    await within(this.checks.shownTo(random.pick(this.bookers), say), recovery_ms_max, 'no appointments were ever shown');
    if (random.chance(0.25)) {
      await this.everyCopy();
      await this.checks.others(this.standbys(), say);
    }
    if (this.done % verify_every === verify_every - 1) await this.verify(say);
    return found;
  }

  /** Whose standbys are to hold what the primary holds. */
  standbys() {
    return [this.machine.server, ...(this.other ? [this.other.standby] : [])];
  }

  async verify(say) {
    await this.everyCopy();
    await this.machine.server.command('verify').catch((failed) => say('copies', 'manent verify fails', { said: failed.stdout + failed.stderr }));
  }

  /** What is asked once, at the end. */
  async finish() {
    const found = [];
    const say = (promise, what, more) => found.push({ promise, what, ...more });
    await this.verify(say);
    await this.checks.others(this.standbys(), say);
    await this.checks.settings(say);
    return found.length > 0 ? { cycle: this.at, found, plan: [] } : null;
  }

  summary(failure) {
    const sorted = [...this.unavailable].sort((a, b) => a - b);
    const count = (promise) => (failure?.found ?? []).filter((each) => each.promise === promise).length;
    const others = ['copies', 'heads', 'journal', 'recovery', 'settings'].map((each) => [each, count(each)]).filter(([, n]) => n > 0);
    return {
      cycles: this.done, receipts: this.ledger?.receipts ?? 0, bookings: this.ledger?.bookings ?? 0,
      lost: count('lost'), doubled: count('doubled'), overlaps: count('overlaps'), ...Object.fromEntries(others),
      ...(this.other ? { machines_lost: this.machines_lost } : {}),
      unavailable_ms_p50: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0), unavailable_ms_max: Math.round(sorted.at(-1) ?? 0),
    };
  }

  /** The primary's last complaint: why nothing came back. */
  async lastComplaint() {
    const log = await readFile(path.join(this.machine?.disk.data ?? '', 'logs/primary.log'), 'utf8').catch(() => '');
    return log.split('\n').filter((line) => /PANIC|FATAL/.test(line)).at(-1) ?? 'nothing';
  }

  async keepEvidence(folder, failure) {
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, 'failure.json'), JSON.stringify({ seed: this.seed, plan: this.plan, ...failure }, null, 1));
    await writeFile(path.join(folder, 'server.log'), this.machine?.server.log ?? '');
    await cp(path.join(this.folder, 'witness.jsonl'), path.join(folder, 'witness.jsonl')).catch(() => {});
    await cp(path.join(this.machine?.disk.data ?? '', 'logs'), path.join(folder, 'logs'), { recursive: true }).catch(() => {});
    if (!this.other) return;
    await writeFile(path.join(folder, 'other.log'), this.other.process?.said ?? '');
    await cp(path.join(this.other.data, 'logs'), path.join(folder, 'other_logs'), { recursive: true }).catch(() => {});
  }

  async close() {
    await this.network?.stop();
    await this.witness?.stop();
    await within(this.machine?.stop() ?? Promise.resolve(), 60_000, 'the server never stopped').catch(async () => this.machine.killAll());
    await this.other?.stop();
    for (const each of [this.machine?.server, this.other?.standby]) if (each) await rm(each.sockets(), { recursive: true, force: true });
    for (const each of [this.other, this.machine]) await each?.disk.unmount();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 200 });
  }
}
