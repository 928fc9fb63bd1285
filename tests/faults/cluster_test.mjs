// The embedded PostgreSQL under faults: whichever process dies or hangs, everything comes back by itself, nothing committed
// is missing, and no process is left behind.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { freezeStandby } from '../support/faults.mjs';
import { FalseClock } from '../support/false_clock.mjs';
import { Server, until } from '../support/server.mjs';

const server = new Server();
before(async () => {
  await server.start();
  await two_copies();
  await server.psql('CREATE TABLE public.witness (n int PRIMARY KEY)');
});
after(() => server.stop());

const names = async () => (await server.psql('SHOW synchronous_standby_names')).trim();
const two_copies = () => until(async () => (await names()) === 'manent_standby', 20, 'two copies never came back');
const ready = () => until(async () => (await fetch(`${server.base}/readyz`)).status === 200, 20, 'never ready again');
let written = 0;
const write = async () => server.psql(`INSERT INTO public.witness VALUES (${++written})`);
const kept = async (options) => Number(await server.psql('SELECT count(*) FROM public.witness', options));

test('a standby that hangs holds a commit two seconds, then one copy goes on, then two again', async () => {
  const standby = await server.pid('standby');
  const receiver = (await server.psql("SELECT pid FROM pg_stat_wal_receiver", { standby: true })).trim();
  process.kill(Number(receiver), 'SIGSTOP');
  process.kill(standby, 'SIGSTOP');
  const began = Date.now();
  await write();
  const waited = Date.now() - began;
  assert.ok(waited > 1500, `the commit did not wait for the standby: ${waited} ms`);
  assert.equal(await names(), '');
  process.kill(standby, 'SIGCONT');
  process.kill(Number(receiver), 'SIGCONT');
  await two_copies();
  assert.match(server.log, /"event":"copies_switched","to":1/);
  await until(async () => (await kept({ standby: true })) === written, 10, 'the standby never caught up');
});

test('a killed standby comes back and follows', async () => {
  process.kill(await server.pid('standby'), 'SIGKILL');
  await write();
  await two_copies();
  await until(async () => (await kept({ standby: true })) === written, 20, 'the standby never caught up');
});

test('a killed primary comes back with everything', async () => {
  process.kill(await server.pid('primary'), 'SIGKILL');
  await ready();
  await until(async () => (await kept()) === written, 20, 'the primary lost a row');
  await two_copies();
});

test('a standby whose folder is gone is made anew', async () => {
  process.kill(await server.pid('standby'), 'SIGKILL');
  await rm(path.join(server.data, 'standby'), { recursive: true, force: true });
  await write();
  await until(() => existsSync(path.join(server.data, 'standby', 'PG_VERSION')), 60, 'no new standby');
  await two_copies();
  await until(async () => (await kept({ standby: true })) === written, 20, 'the new standby never caught up');
});

test('a killed serving process is started again', async () => {
  const before_ = await server.pid('server');
  process.kill(before_, 'SIGKILL');
  await ready();
  assert.notEqual(await server.pid('server'), before_);
});

test('when the keeper is killed all its processes end, and the next start finds everything', async () => {
  const all = await Promise.all(['server', 'primary', 'standby'].map((which) => server.pid(which)));
  await write();
  process.kill(server.process.pid, 'SIGKILL');
  await server.ended;
  await until(async () => all.every((pid) => !existsSync(`/proc/${pid}`)), 20, 'a process outlived its keeper');
  await server.start();
  await ready();
  assert.equal(await kept(), written);
  await two_copies();
});

for (const [what, content] of [
  ['a stale pid file that names a stranger', () => `${process.pid}\n${server.data}/primary\n0\n`],
  ['a pid file that a power cut left empty', () => ''],
])
  test(`${what} does not hinder a start`, async () => {
    await server.stop({ keep: true });
    await writeFile(path.join(server.data, 'primary', 'postmaster.pid'), content());
    await writeFile(path.join(server.data, 'standby', 'postmaster.pid'), content());
    await server.start();
    await ready();
    assert.equal(await kept(), written);
    await two_copies();
  });

test('locks of sockets that name a stranger do not hinder a start', async () => {
  await server.stop({ keep: true });
  await mkdir(server.sockets(), { recursive: true });
  for (const port of [5432, 5433]) await writeFile(path.join(server.sockets(), `.s.PGSQL.${port}.lock`), `${process.pid}\n`);
  await server.start();
  await ready();
  assert.equal(await kept(), written);
  await two_copies();
  assert.doesNotMatch(server.log, /promot/);
});

test('a standby whose clock is an hour off is the second copy all the same', async (t) => {
  const clock = new FalseClock(server.data);
  if (!(await clock.prepare())) return t.skip('no compiler for a clock that can be set');
  await server.stop({ keep: true });
  server.options.environment = clock.environment('standby');
  await clock.set(-3600);
  await server.start();
  await two_copies();
  const thaw = await freezeStandby(server);
  await write();
  assert.equal(await names(), '');
  thaw();
  await two_copies();
  server.options.environment = {};
});

test('SIGTERM leaves no process', async () => {
  const all = await Promise.all(['keeper', 'server', 'primary', 'standby'].map((which) => server.pid(which)));
  await server.stop({ keep: true });
  for (const pid of all) assert.ok(!existsSync(`/proc/${pid}`), `process ${pid} is left`);
  await server.start();
});
