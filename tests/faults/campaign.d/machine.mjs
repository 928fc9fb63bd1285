// The machine that the server runs on: its processes, and what can befall them. A killed keeper is started again as an init
// system would do it; everything else must come back by itself.
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { FalseClock } from '../../support/false_clock.mjs';
import { Server } from '../../support/server.mjs';

export function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch (failed) {
    if (failed.code !== 'ESRCH') throw failed;
    return false;
  }
}

/** What `read` answers of each process that is still there: in one go, since on a busy machine turns are rare. */
function ofEach(read) {
  const found = [];
  for (const name of readdirSync('/proc').filter((each) => /^\d+$/.test(each)))
    try {
      found.push([Number(name), read(name)]);
    } catch {
      // It has ended.
    }
  return found;
}

/** Process numbers by parent, of the whole machine. */
function parents() {
  const found = new Map();
  for (const [pid, stat] of ofEach((name) => readFileSync(`/proc/${name}/stat`, 'utf8'))) {
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
    found.set(parent, [...(found.get(parent) ?? []), pid]);
  }
  return found;
}

export class Machine {
  /** @param {string} folder for what a false clock needs */
  constructor(disk, folder) {
    this.disk = disk;
    this.clock = new FalseClock(folder);
    this.server = new Server({ data: disk.data, environment: { MANENT_DISK_RESERVE_MB: '96' } });
    this.powered = Promise.resolve();
    this.starts = 0;
  }

  async start() {
    await this.server.start();
    this.starts += 1;
    this.init = this.keepRunning();
  }

  async keepRunning() {
    for (;;) {
      await this.server.ended;
      if (this.stopping) return;
      await pause(50);
      await this.powered;
      await this.server.start().then(() => (this.starts += 1), () => {});
    }
  }

  /** Its server goes on from another disk. Answers the one that it had. */
  moveTo(disk) {
    const former = this.disk;
    this.disk = disk;
    this.server.data = disk.data;
    return former;
  }

  /** A process and all below it, the lowest first. */
  async tree(pid) {
    const children = parents();
    const below = (each) => [...(children.get(each) ?? []).flatMap(below), each];
    return below(pid);
  }

  /** Every process that this server consists of, those too that have lost their keeper. */
  async all() {
    const roots = [this.server.process.pid];
    for (const which of ['primary', 'standby'])
      roots.push(await this.server.pid(which).catch(() => 0));
    const children = parents();
    const below = (each) => [...(children.get(each) ?? []).flatMap(below), each];
    return [...new Set(roots.filter((pid) => pid > 1).flatMap(below))];
  }

  async kill(which) {
    return signal(await this.server.pid(which), 'SIGKILL');
  }

  async killTree(which) {
    for (const each of await this.tree(await this.server.pid(which))) signal(each, 'SIGKILL');
  }

  async killAll() {
    for (let round = 0; round < 3; ++round) for (const each of (await this.all()).reverse()) signal(each, 'SIGKILL');
  }

  /** Whatever works in that folder. */
  async killIn(folder) {
    for (const [pid, works_in] of ofEach((name) => readlinkSync(`/proc/${name}/cwd`))) if (works_in === folder) signal(pid, 'SIGKILL');
  }

  /** The children of a PostgreSQL whose titles match, of both when `which` is null. */
  async workers(which, title) {
    const found = [];
    for (const each of await this.tree(await this.server.pid(which))) {
      const line = await readFile(`/proc/${each}/cmdline`, 'utf8').catch(() => '');
      if (title.test(line)) found.push(each);
    }
    return found;
  }

  /** From its next start on, everything, or one of the copies alone, reads the false clock; until the start after that. */
  async startWithFalseClock(of) {
    await this.clock.set(0);
    const started = this.starts;
    const own = this.server.options.environment;
    this.server.options.environment = { ...own, ...this.clock.environment(of) };
    await this.kill('keeper');
    while (this.starts === started && !this.stopping) await pause(20);
    this.server.options.environment = own;
  }

  async stop() {
    this.stopping = true;
    await this.server.stop({ keep: true });
    await this.init;
  }
}
