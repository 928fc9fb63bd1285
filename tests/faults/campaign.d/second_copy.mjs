// The second copy by itself, as after the loss of the first one's disk: its folder is copied as it lies there at the moment of
// a kill, started as a database of its own, and asked for every word that a receipt had called two copies.
import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, chown, mkdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { until } from '../../support/server.mjs';

const run = promisify(execFile);
const port = '5999';

export class SecondCopy {
  /** @param {string} folder to be made, used and removed; not on the disk that suffers */
  constructor(folder) {
    this.folder = folder;
    // PostgreSQL's socket paths must be short.
    this.sockets = path.join('/tmp', `manent-copy-${createHash('sha256').update(folder).digest('hex').slice(0, 10)}`);
  }

  /** With every process of the standby dead. */
  async take(standby) {
    await rm(this.folder, { recursive: true, force: true });
    await run('cp', ['-a', standby, this.folder]);
    for (const each of ['standby.signal', 'postmaster.pid']) await rm(path.join(this.folder, each), { force: true });
    const { uid, gid } = await stat(this.folder);
    await mkdir(this.sockets, { recursive: true });
    await chown(this.sockets, uid, gid);
    await chmod(this.sockets, 0o700);
    this.owner = { uid, gid };
  }

  async start() {
    const binaries = (await run('bash', ['-c', 'ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1'])).stdout.trim();
    const settings = { unix_socket_directories: this.sockets, port, synchronous_standby_names: '', primary_conninfo: '', fsync: 'off' };
    const options = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.process = spawn(path.join(binaries, 'postgres'), ['-D', this.folder, ...options], { ...this.owner, stdio: 'ignore' });
    this.ended = new Promise((resolve) => this.process.once('exit', resolve));
    await until(() => this.ask('SELECT 1 AS one'), 60, 'the second copy by itself never started');
  }

  async ask(query) {
    const { stdout } = await run('psql', ['-h', this.sockets, '-p', port, '-U', 'manent_owner', '-d', 'manent', '-XAtq', '-c',
      `SELECT coalesce(json_agg(t), '[]') FROM (${query}) t`], { maxBuffer: 1 << 28 });
    return JSON.parse(stdout);
  }

  async remove() {
    if (this.process) {
      this.process.kill('SIGQUIT');
      await this.ended;
    }
    await rm(this.folder, { recursive: true, force: true });
    await rm(this.sockets, { recursive: true, force: true });
  }
}
