// With an address of its own database the program runs no PostgreSQL: it makes its roles and schema there, serves from it,
// and says one copy, for nobody streams from that server.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execFile } from 'node:child_process';
import { chmod, chown, mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { Server, until } from '../support/server.mjs';
import { addPatient, layPractice, openConsultation, save } from './record_world.mjs';

const run = promisify(execFile);
const binaries = '/usr/lib/postgresql/15/bin';
const folder = await mkdtemp('/tmp/manent-own-');
const data = path.join(folder, 'data');
const isRoot = process.getuid() === 0;
/** As whoever may run PostgreSQL. */
const asUnprivileged = (program, ...words) =>
  isRoot ? run('setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', path.join(binaries, program), ...words], { cwd: '/' })
    : run(path.join(binaries, program), words);
const psql = (database, statement) =>
  run('psql', ['-h', folder, '-p', '5499', '-U', 'manent_owner', '-d', database, '-XAtqc', statement]).then(({ stdout }) => stdout.trim());

const server = new Server({
  environment: { MANENT_DATABASE_ADDRESS: `host=${folder} port=5499 dbname=manent` },
});
// The test's own questions go where the program's go.
server.psql = (statement) => psql('manent', statement);

before(async () => {
  await chmod(folder, 0o755);
  if (isRoot) {
    const { stdout } = await run('id', ['-u', 'postgres']);
    await chown(folder, Number(stdout), Number(stdout));
  }
  await asUnprivileged('initdb', '-D', data, '-U', 'manent_owner', '--auth=trust', '--encoding=UTF8', '--locale=C.UTF-8', '--no-sync');
  await asUnprivileged('pg_ctl', '-D', data, '-w', '-s', '-l', path.join(folder, 'log'), '-o',
    `-k ${folder} -p 5499 -c listen_addresses= -c fsync=off`, 'start');
  await psql('postgres', 'CREATE DATABASE manent');
  await server.start();
});
after(async () => {
  await server.stop();
  await asUnprivileged('pg_ctl', '-D', data, '-m', 'immediate', '-s', 'stop').catch(() => {});
  await rm(folder, { recursive: true, force: true });
});

test('it makes its schema there, runs no server of its own, and saves on the one copy that there is', async () => {
  await until(async () => (await fetch(`${server.base}/readyz`)).status === 200, 20, 'never ready');
  await assert.rejects(server.pid('primary'), /ENOENT/);
  assert.equal(await psql('manent', "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'manent\\_%' AND rolname <> 'manent_owner'"), '6');
  const practice = await layPractice(server, 'Cabinet');
  const { patient_id } = await addPatient(practice);
  const { consultation_id } = await openConsultation(practice, patient_id);
  const saved = await save(practice, 'consultation', consultation_id, { motif: 'Renouvellement' });
  assert.equal(saved.status, 201, saved.text);
  assert.equal(saved.body.copies, 1);
  const read = await practice.client.get(`${practice.path}/consultations/${consultation_id}`);
  assert.match(read.text, /Renouvellement/);
});

test('verify walks that database and says that no standby is kept here', async () => {
  const { stdout } = await server.command('verify');
  assert.match(stdout, /primary: 1 revisions.*all open and match/);
  assert.match(stdout, /standby: none is kept/);
});
