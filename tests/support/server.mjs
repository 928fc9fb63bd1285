// A real Manent on a data folder of its own and a free port, as the tests' subject. Started by `start()`, ended by
// `stop()`; nothing is left running and nothing is left on disk.
import { execFile, spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { appendFile, mkdtemp, readFile, rm, chmod } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const binary = process.env.MANENT_BINARY ?? path.join(root, 'build/bin/manent');

export class Server {
  /** @param {{empty?: boolean, environment?: Record<string,string>, data?: string}} options */
  constructor(options = {}) {
    this.options = options;
    this.log = '';
  }

  async start() {
    if (!this.data) {
      this.data = this.options.data ?? (await mkdtemp(path.join(tmpdir(), 'manent-test-')));
      await chmod(this.data, 0o755);
    }
    const args = ['serve', '--data', this.data, '--port', String(this.port ?? 0)];
    if (this.options.empty ?? true) args.push('--empty');
    this.process = spawn(binary, args, {
      env: { ...process.env, ...this.options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = new Promise((resolve) => this.process.once('exit', (code, signal) => resolve({ code, signal })));
    this.process.stderr.on('data', (chunk) => (this.log += chunk));
    let printed = '';
    this.base = await new Promise((resolve, reject) => {
      this.process.stdout.on('data', (chunk) => {
        printed += chunk;
        const found = /answers at (https?:\/\/\S+)/.exec(printed);
        if (found) resolve(found[1]);
      });
      this.ended.then(({ code }) => reject(new Error(`manent ended with ${code}:\n${this.log}`)));
      this.process.once('error', ({ code }) =>
        reject(new Error(`${binary} cannot be started (${code}): build it, or name another one in MANENT_BINARY`)));
    });
    this.printed = () => printed;
    this.port = Number(new URL(this.base).port);
    return this;
  }

  async stop({ keep = false } = {}) {
    await this.noteStatements();
    if (this.process && this.process.exitCode === null && this.process.signalCode === null) {
      this.process.kill('SIGTERM');
      await this.ended;
    }
    if (!keep) for (const folder of [this.data, this.sockets()]) await rm(folder, { recursive: true, force: true });
    // An instrumented program tells on standard error, also of what it finds in a process that is at its end.
    const found = /^.*(?:(?:Address|Leak|Thread|UndefinedBehavior)Sanitizer|: runtime error: ).*$/m.exec(this.log);
    if (found) throw new Error(`${found[0]}\n${this.log.slice(found.index, found.index + 8000)}`);
  }

  /** For coverage: the names of the statements that this server has sent, one a line, where `./test` gathers them. */
  async noteStatements() {
    if (!process.env.MANENT_TEST_STATEMENTS) return;
    const text = await fetch(`${this.base}/metrics`).then((answer) => answer.text()).catch(() => '');
    const names = [...text.matchAll(/manent_statements_total\{statement="([^"]+)"\}/g)].map((found) => found[1]);
    await appendFile(process.env.MANENT_TEST_STATEMENTS, names.map((name) => `${name}\n`).join(''));
  }

  /** Runs a subcommand of the program on this installation. */
  async command(...args) {
    return run(binary, [...args, '--data', this.data], { env: { ...process.env, ...this.options.environment } });
  }

  /** The folder of PostgreSQL's sockets, by the same rule as the program. */
  sockets() {
    const mark = createHash('sha256').update(this.data).digest('hex').slice(0, 12);
    return process.getuid() === 0 ? `/run/manent/${mark}` : `/tmp/manent-${process.getuid()}/${mark}`;
  }

  /** Rows of a query as an array of objects, asked beside the program as `role`. */
  async sql(query, { role = 'manent_owner', standby = false } = {}) {
    const wrapped = `SELECT coalesce(json_agg(t), '[]') FROM (${query}) t`;
    return JSON.parse((await this.psql(wrapped, { role, standby })).trim() || '[]');
  }

  async psql(statements, { role = 'manent_owner', standby = false } = {}) {
    const { stdout } = await run('psql', [
      '-h', this.sockets(), '-p', standby ? '5433' : '5432', '-U', role, '-d', 'manent',
      '-XAtq', '-v', 'ON_ERROR_STOP=1', '-c', statements,
    ], { maxBuffer: 1 << 28 });
    return stdout;
  }

  /** The process number of one of its processes: keeper, server, primary, standby. */
  async pid(which) {
    if (which === 'keeper') return this.process.pid;
    if (which === 'primary' || which === 'standby')
      return Number((await readFile(path.join(this.data, which, 'postmaster.pid'), 'utf8')).split('\n')[0]);
    const children = await readFile(`/proc/${this.process.pid}/task/${this.process.pid}/children`, 'utf8');
    for (const child of children.trim().split(/\s+/)) {
      const line = await readFile(`/proc/${child}/cmdline`, 'utf8').catch(() => '');
      if (line.split('\0')[1] === 'answer') return Number(child);
    }
    throw new Error(`no ${which} runs`);
  }
}

/** One browser's worth of cookies over fetch. */
export class Client {
  constructor(base, { language = 'fr' } = {}) {
    this.base = base;
    this.language = language;
    this.cookies = new Map();
  }

  async call(method, path_, body, headers = {}) {
    const answer = await fetch(`${this.base}${path_.startsWith('/healthz') ? '' : '/api/v1'}${path_}`, {
      method,
      headers: {
        'Accept-Language': this.language,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(this.cookies.size ? { Cookie: [...this.cookies].map(([k, v]) => `${k}=${v}`).join('; ') } : {}),
        ...headers,
      },
      body: body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body),
    });
    for (const line of answer.headers.getSetCookie()) {
      const [pair] = line.split(';');
      const at = pair.indexOf('=');
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    const text = await answer.text();
    const json = (answer.headers.get('content-type') ?? '').includes('json') && text ? JSON.parse(text) : null;
    return { status: answer.status, body: json, text, headers: answer.headers };
  }

  get(path_, headers) {
    return this.call('GET', path_, undefined, headers);
  }
  post(path_, body = {}, headers) {
    return this.call('POST', path_, body, headers);
  }
  put(path_, body = {}, headers) {
    return this.call('PUT', path_, body, headers);
  }
  delete(path_, headers) {
    return this.call('DELETE', path_, undefined, headers);
  }
  /** A write with a fresh idempotency key. */
  keyed(path_, body = {}, key = randomUUID()) {
    return this.post(path_, body, { 'Idempotency-Key': key });
  }
}

/** Asks again until `question` answers something true; fails after `seconds`. */
export async function until(question, seconds = 10, what = 'that never came') {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await Promise.resolve().then(question).catch(() => undefined);
    if (answer) return answer;
    if (Date.now() > end) throw new Error(what);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
