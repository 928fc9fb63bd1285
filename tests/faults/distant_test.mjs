// A standby on another machine, which is a network namespace here: one command and its printed counterpart make it, saves
// then say two machines, a cut cable makes it one and back, and it can take the place of a machine that is lost. Needs
// root, for the namespace.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { everyCopy, freeze, killWhole, ready, twoCopies } from '../support/faults.mjs';
import { SecondMachine } from '../support/second_machine.mjs';
import { Server, binary, until } from '../support/server.mjs';
import * as record from '../api/record_world.mjs';

const run = promisify(execFile);
const machine = new SecondMachine();
const { here, there } = machine;
const skip = machine.lay();

const server = new Server();
let practice, consultation, data, standby, printed;
const texts = [];
before(async () => {
  if (skip) return;
  await server.start();
  practice = await record.layPractice(server, 'Cabinet');
  const { patient_id } = await record.addPatient(practice);
  consultation = await record.openConsultation(practice, patient_id);
  await twoCopies(server);
  data = await mkdtemp(path.join(tmpdir(), 'manent-elsewhere-'));
  await chmod(data, 0o755);
});
after(async () => {
  if (skip) return;
  await end(standby);
  await server.stop();
  await rm(data, { recursive: true, force: true });
});

const elsewhere = (words, environment) => machine.manent([...words, '--data', data], environment);
async function end(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await child.ended;
}
const follows = (child) => until(() => {
  if (child.exitCode !== null) assert.fail(child.said);
  return /follows its primary/.test(child.said);
}, 90, 'it never followed');

const save = async (text) => {
  const answer = await record.save(practice, 'consultation', consultation.consultation_id, [{ field: 'examen', text, bases: [] }]);
  if (answer.status === 201) texts.push(text);
  return answer;
};
let number = 0;
const saysMachines = (machines, copies) => until(async () => {
  const { status, body } = await save(`texte ${++number}`);
  return status === 201 && body.machines === machines && body.copies === copies && body;
}, 40, `saving never said ${machines} machines and ${copies} copies`);
const history = async (client = practice.client) => (await client.get(
  `${practice.path}/revisions?subject_kind=consultation&subject_id=${consultation.consultation_id}&field=examen`)).body.items.map((each) => each.text);

test('an address of this machine is no other machine, and one out of reach is said to be', { skip }, async () => {
  const add = (address) => server.command('standby', 'add', address);
  for (const own of ['127.0.0.1', here]) await assert.rejects(add(own), /own/);
  for (const wrong of ['somewhere', '300.1.1.1']) await assert.rejects(add(wrong), /no address/);
});

test('one command and its counterpart put a copy on another machine, and saves say two machines', { skip }, async () => {
  printed = (await server.command('standby', 'add', there)).stdout;
  const [, secret] = /MANENT_STANDBY_SECRET=(\S+)/.exec(printed);
  const [, words] = /manent (standby join .+)/.exec(printed);
  assert.match(words, new RegExp(`^standby join ${here} `));
  standby = elsewhere(words.trim().split(/\s+/), { MANENT_STANDBY_SECRET: secret });
  await follows(standby);
  const receipt = await saysMachines(2, 3);
  assert.equal(receipt.where, 'two_machines');
  const shown = await run('ps', ['-e', '-ww', '-o', 'args']);
  assert.ok(!shown.stdout.includes(secret.split('.')[0]), 'ps shows the secret');
  const [row] = await server.sql(`SELECT ssl, version FROM pg_stat_ssl JOIN pg_stat_replication USING (pid)
    WHERE application_name = 'manent_distant_1'`);
  assert.deepEqual(row, { ssl: true, version: 'TLSv1.3' });
});

test('nobody else is let in where the primary listens', { skip }, async () => {
  const asks = (conninfo) => run('psql', [`host=${here} ${conninfo}`, '-c', 'SELECT 1'], { env: { ...process.env, PGPASSWORD: 'x' } });
  // From this machine's own address, as the owner and as the standby's role; and from there without its password.
  await assert.rejects(asks('user=manent_owner dbname=manent'), /no pg_hba.conf entry/);
  await assert.rejects(asks('user=manent_distant_1 dbname=manent'), /no pg_hba.conf entry/);
  const identify = (conninfo) => machine.run('env', 'PGPASSWORD=x', 'psql', `host=${here} user=manent_distant_1 dbname=manent replication=true ${conninfo}`,
    '-c', 'IDENTIFY_SYSTEM');
  await assert.rejects(identify('sslmode=disable'), /no pg_hba.conf entry/);
  await assert.rejects(identify(''), /password authentication failed/);
});

test('a cut cable makes it one machine within seconds, and two again when it is mended', { skip }, async () => {
  // Else it might be left out of the count because nobody had come to wait for it yet.
  await everyCopy(server, ['manent_distant_1']);
  await machine.cut();
  await saysMachines(1, 2);
  await machine.mend();
  await saysMachines(2, 3);
});

test('the primary killed, or the other machine started again: the copy there follows again', { skip }, async () => {
  process.kill(await server.pid('primary'), 'SIGKILL');
  await ready(server);
  await saysMachines(2, 3);
  await end(standby);
  await saysMachines(1, 2);
  standby = elsewhere(['standby', 'serve']);
  await follows(standby);
  await saysMachines(2, 3);
});

test('started again while a former primary still holds its port, the primary listens for the other machine', { skip }, async () => {
  await freeze(await server.pid('primary'), { alone: true });
  for (const each of [await server.pid('server'), server.process.pid]) process.kill(each, 'SIGKILL');
  await server.ended;
  await server.start();
  await ready(server);
  await saysMachines(2, 3);
});

test('a promoted standby of the first machine goes on with the second', { skip }, async () => {
  // Before that the keeper does not promote by itself: it may be called a copy a moment earlier.
  await until(() => existsSync(path.join(server.data, 'standby.whole')), 20, 'the standby was never called whole');
  const primary = await server.pid('primary');
  await killWhole(primary);
  await rm(path.join(server.data, 'primary'), { recursive: true, force: true, maxRetries: 5 });
  await until(async () => (await server.pid('primary')) !== primary && !existsSync(path.join(server.data, 'primary', 'standby.signal')), 30, 'nothing took its place');
  await ready(server);
  await saysMachines(2, 3);
});

test('when the first machine is lost the other takes over with every word that was called two machines', { skip }, async () => {
  await saysMachines(2, 3);
  const before_ = await history();
  process.kill(server.process.pid, 'SIGKILL');
  await server.ended;
  const { stdout } = await run(binary, ['standby', 'promote', '--data', data]);
  assert.match(stdout, /never starts again/);
  await standby.ended;
  assert.equal(standby.exitCode, 0);
  // Without the key it would open nothing.
  await cp(path.join(server.data, 'keys'), path.join(data, 'keys'), { recursive: true });
  const other = new Server({ data });
  try {
    await other.start();
    await ready(other);
    practice.client.base = other.base;
    assert.deepEqual(await history(), before_);
    assert.equal((await save('après')).status, 201);
    await twoCopies(other);
    const verified = await other.command('verify').catch((failed) => assert.fail(failed.stdout + failed.stderr));
    assert.match(verified.stdout, /primary: .*all open and match/);
  } finally {
    await other.stop({ keep: true });
  }
  assert.match(await readFile(path.join(data, 'logs', 'primary.log'), 'utf8'), /selected new timeline/);
});
