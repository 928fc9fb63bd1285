// Another machine, which is a network namespace here, with one cable to this one that can be cut, slowed, and have its
// connections torn. Needs root, and `ip`; slowing it needs `tc`.
import { execFile, execFileSync, spawn } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { promisify } from 'node:util';
import { binary } from './server.mjs';

const run = promisify(execFile);

export class SecondMachine {
  constructor() {
    const mark = `${process.pid % 100000}`;
    this.namespace = `manent-${mark}`;
    this.ends = [`mh${mark}`, `mo${mark}`];
    const net = `10.213.${randomInt(256)}.${4 * randomInt(64)}`.split('.').map(Number);
    [this.here, this.there] = [1, 2].map((host) => [...net.slice(0, 3), net[3] + host].join('.'));
  }

  /** Lays the cable. Answers why there can be none, else false: as a test's `skip` wants it. */
  lay() {
    if (process.getuid() !== 0) return 'only root may make a network namespace';
    const ip = (...words) => execFileSync('ip', words, { stdio: 'pipe' });
    const { namespace, ends } = this;
    try {
      ip('netns', 'add', namespace);
    } catch (refused) {
      return `no network namespace can be made here: ${refused.stderr ?? refused.message}`;
    }
    process.once('exit', () => {
      for (const words of [['link', 'del', ends[0]], ['netns', 'del', namespace]])
        try {
          ip(...words);
        } catch {
          // Gone already.
        }
    });
    ip('link', 'add', ends[0], 'type', 'veth', 'peer', 'name', ends[1], 'netns', namespace);
    ip('addr', 'add', `${this.here}/30`, 'dev', ends[0]);
    ip('link', 'set', ends[0], 'up');
    for (const words of [['addr', 'add', `${this.there}/30`, 'dev', ends[1]], ['link', 'set', ends[1], 'up'], ['link', 'set', 'lo', 'up']])
    {
      // Not `ip -n`, which makes mounts of its own and cannot below a changed root.
      const [program, ...rest] = this.words('ip', ...words);
      execFileSync(program, rest, { stdio: 'pipe' });
    }
    return false;
  }

  /** What runs a command there: in its network alone, so that no mount of this machine is held by it. */
  words(...command) {
    return ['nsenter', `--net=/run/netns/${this.namespace}`, ...command];
  }
  run(...command) {
    const [program, ...words] = this.words(...command);
    return run(program, words);
  }

  /** Runs Manent there. */
  manent(words, environment = {}) {
    const [program, ...rest] = this.words(binary, ...words);
    const child = spawn(program, rest, { env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    child.said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (child.said += chunk));
    child.ended = new Promise((resolve) => child.once('exit', resolve));
    return child;
  }

  /** Nothing arrives any more, and nobody is told. */
  cut() {
    return run('ip', ['link', 'set', this.ends[0], 'down']);
  }
  mend() {
    return run('ip', ['link', 'set', this.ends[0], 'up']);
  }

  /** So many bits a second each way. */
  async slow(kbit) {
    const shape = (end) => ['tc', 'qdisc', 'replace', 'dev', end, 'root', 'tbf', 'rate', `${kbit}kbit`, 'burst', '1600', 'limit', '200000'];
    await run('env', shape(this.ends[0]));
    await this.run(...shape(this.ends[1]));
  }
  async quicken() {
    await run('tc', ['qdisc', 'del', 'dev', this.ends[0], 'root']).catch(() => {});
    await this.run('tc', 'qdisc', 'del', 'dev', this.ends[1], 'root').catch(() => {});
  }

  /** Each connection over the cable ends where it is: what was half said stays so. */
  async tear() {
    await run('ss', ['-K', 'dst', this.there]);
  }
}
