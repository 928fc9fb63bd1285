// The other machine of a campaign with two: a disk of its own and the distant standby, which an init system there keeps
// running. When the first machine is lost it takes its place, and a new one is made on what is left of the first.
import { execFile } from 'node:child_process';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { everyCopy } from '../../support/faults.mjs';
import { SecondMachine } from '../../support/second_machine.mjs';
import { Server, binary, until } from '../../support/server.mjs';
import { signal } from './machine.mjs';

const run = promisify(execFile);
const name = 'manent_distant_1';

export class OtherMachine {
  /** @param {Machine} machine the first one; @param {Disk} disk the other's; @param {string} safe where the key's export lies */
  constructor(machine, disk, safe) {
    Object.assign(this, { machine, disk, safe });
    this.cable = new SecondMachine();
    this.powered = Promise.resolve();
    this.joined = false;
  }

  /** Answers why there can be none. */
  lay() {
    return this.cable.lay();
  }

  get data() {
    return this.disk.data;
  }

  /** Its PostgreSQL, to be asked beside the program. */
  get standby() {
    const asked = new Server({ data: this.data });
    asked.data = this.data;
    return asked;
  }

  start(words, environment) {
    this.process = this.cable.manent([...words, '--data', this.data], environment);
  }

  /** One command on the first machine, and its printed counterpart here. */
  async join() {
    const { stdout: printed } = await this.machine.server.command('standby', 'add', this.cable.there);
    const [, secret] = /MANENT_STANDBY_SECRET=(\S+)/.exec(printed);
    const [, words] = /manent (standby join .+)/.exec(printed);
    this.stopping = false;
    this.start(words.trim().split(/\s+/), { MANENT_STANDBY_SECRET: secret });
    let ended = null;
    this.process.ended.then((code) => (ended = code));
    await until(() => {
      if (ended !== null) return true;
      return /follows its primary/.test(this.process.said);
    }, 90, 'the other machine never followed');
    if (ended !== null) throw new Error(`the other machine could not join: ${this.process.said}`);
    this.joined = true;
    this.init = this.keepRunning();
    await rm(this.safe, { recursive: true, force: true });
    await cp(path.join(this.machine.server.data, 'keys'), this.safe, { recursive: true });
  }

  async keepRunning() {
    for (;;) {
      await this.process.ended;
      if (this.stopping) return;
      await pause(50);
      await this.powered;
      this.start(['standby', 'serve']);
    }
  }

  /** Everything is named and follows. */
  everyCopy(seconds) {
    return everyCopy(this.machine.server, [name], seconds);
  }

  async pid(which) {
    return which === 'keeper' ? this.process.pid : this.standby.pid('standby');
  }

  /** Every process that it consists of, the lowest first. */
  async all() {
    const found = [];
    for (const which of ['standby', 'keeper'])
      found.push(...(await this.pid(which).then((pid) => this.machine.tree(pid), () => [])));
    return [...new Set(found)].filter((pid) => signal(pid, 0));
  }

  async killAll() {
    for (let round = 0; round < 3; ++round) for (const each of await this.all()) signal(each, 'SIGKILL');
  }

  /** It takes the first machine's place: its disk becomes the first one's, and the lost one's disk is empty. */
  async takeOver() {
    this.stopping = true;
    const { stdout } = await run(binary, ['standby', 'promote', '--data', this.data]);
    await this.process.ended;
    await this.init;
    await cp(this.safe, path.join(this.data, 'keys'), { recursive: true });
    const lost = this.machine.moveTo(this.disk);
    this.disk = lost;
    this.joined = false;
    await this.empty();
    return stdout;
  }

  async empty() {
    for (const each of await readdir(this.data)) await rm(path.join(this.data, each), { recursive: true, force: true, maxRetries: 10 });
  }

  /** What the standby complained of last. */
  async lastComplaint() {
    const log = await readFile(path.join(this.data, 'logs/standby.log'), 'utf8').catch(() => '');
    return log.split('\n').filter((line) => /PANIC|FATAL|ERROR/.test(line)).at(-1) ?? 'nothing';
  }

  /** It cannot follow any more, as its own log says: it is joined again, as the manual says. */
  async joinAgain() {
    await this.stop();
    await this.empty();
    await this.join();
  }

  async stop() {
    this.stopping = true;
    if (!this.process) return;
    await this.killAll();
    await this.process.ended;
    await this.init;
  }
}
