// A Manent with a backup repository, and what a person would do with it on the command line.
import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Server, binary, until } from './server.mjs';

const run = promisify(execFile);

export class BackedUp {
  /** @param {Record<string,string>=} environment where the repository is; in a folder of its own when nothing is said */
  static async start(environment, more = {}) {
    const made = new BackedUp();
    made.folder = await mkdtemp(path.join(tmpdir(), 'manent-backup-'));
    await chmod(made.folder, 0o755);
    made.repository = path.join(made.folder, 'repository');
    await mkdir(path.join(made.folder, 'data'));
    // The night's backup never comes in between.
    const hour = String((new Date().getHours() + 12) % 24);
    made.environment = { MANENT_BACKUP_HOUR: hour, ...(environment ?? { MANENT_BACKUP_FOLDER: made.repository }), ...more };
    made.server = await new Server({ environment: made.environment, data: path.join(made.folder, 'data') }).start();
    made.others = [];
    return made;
  }

  async stop() {
    for (const each of this.others) await each.stop();
    await this.server.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A subcommand on `data`: its exit code and what it printed, errors after the rest. */
  command(words, data = this.server.data) {
    return run(binary, [...words, '--data', data], { env: { ...process.env, ...this.environment } }).then(
      ({ stdout, stderr }) => ({ code: 0, stdout, printed: stdout + stderr }),
      ({ code, stdout, stderr }) => ({ code, stdout, printed: stdout + stderr }),
    );
  }

  /** What stands in /metrics under a name. */
  async metric(name) {
    const text = await (await fetch(`${this.server.base}/metrics`)).text();
    const found = new RegExp(`^${name} (\\S+)$`, 'm').exec(text);
    return found ? Number(found[1]) : undefined;
  }

  firstBackup() {
    return until(async () => (await this.metric('manent_backup_newest_seconds')) > 0, 60, 'no first backup was taken');
  }

  /** Serves a restored folder, under the same settings. */
  async serve(data) {
    const server = new Server({ environment: this.environment, data });
    this.others.push(server);
    return server.start();
  }
}
