// The backup's repository goes away, fills its queue, answers nothing: saving goes on, it is said, and what can be mended
// is mended by itself.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { Server, until } from '../support/server.mjs';
import { killWhole, ready, twoCopies } from '../support/faults.mjs';
import { BackedUp } from '../support/backup.mjs';
import { addPatient, layPractice, openConsultation, save } from '../api/record_world.mjs';

let backedUp, server, practice, consultation;
before(async () => {
  backedUp = await BackedUp.start(undefined, { MANENT_BACKUP_QUEUE_MAX_MB: '64', MANENT_INCIDENT_ARCHIVE_S: '3' });
  server = backedUp.server;
  practice = await layPractice(server, 'Cabinet');
  const { patient_id } = await addPatient(practice);
  consultation = (await openConsultation(practice, patient_id)).consultation_id;
  await backedUp.firstBackup();
});
after(() => backedUp.stop());

const isAway = (value) => until(async () => (await backedUp.metric('manent_archive_failing')) === value, 40, `never failing ${value}`);
/** Ends a segment of the log, which is then the archive's to take. */
const endSegment = () => server.psql("SELECT pg_logical_emit_message(true, 'test', 'x'); SELECT pg_switch_wal()");
const saves = async (field) => {
  const saved = await save(practice, 'consultation', consultation, { [field]: `écrit sans archive: ${field}` });
  assert.equal(saved.status, 201, saved.text);
};
const away = () => rename(backedUp.repository, `${backedUp.repository}.away`);
const back = () => rename(`${backedUp.repository}.away`, backedUp.repository);

test('with the repository away saving goes on, it is said, and the archive catches up by itself', async () => {
  await away();
  await endSegment();
  await isAway(1);
  await saves('motif');
  assert.match(server.log, /"event":"archive_fails"/);
  const listed = await backedUp.command(['backup', 'list']);
  assert.match(listed.printed, /The archive has FAILED since/);
  const checked = await backedUp.command(['backup', 'check']);
  assert.equal(checked.code, 1, checked.printed);
  await back();
  await endSegment();
  await isAway(0);
  assert.match(server.log, /"event":"archive_works_again"/);
  assert.equal(await backedUp.metric('manent_archive_gap'), 0);
});

test('an archive that gets nothing for longer than the bound is an incident, which its return ends', async () => {
  const known = () => server.sql("SELECT * FROM manent.incident_state WHERE detector = 'archive' ORDER BY began_at");
  const openNow = async () => (await known()).filter((each) => each.ended_at === null);
  await until(async () => (await openNow()).length === 0, 40, 'an earlier one never ended');
  const before = (await known()).length;
  await away();
  await endSegment();
  const [incident] = await until(async () => { const some = await openNow(); return some.length && some; }, 60);
  assert.deepEqual([incident.promise, incident.practice_id], ['I2', null]);
  assert.ok(Date.parse(incident.recorded_at) - Date.parse(incident.began_at) >= 2_900, `${incident.began_at} to ${incident.recorded_at}`);
  await back();
  await endSegment();
  await until(async () => (await openNow()).length === 0, 60, 'it never ended');
  assert.equal((await known()).length, before + 1);
});

test('beyond its queue segments are given up and not the disk; a backup closes the gap by itself', async () => {
  await away();
  for (let i = 0; i < 8; ++i) await endSegment();
  await until(async () => (await backedUp.metric('manent_archive_gap')) === 1, 40, 'no gap was seen');
  assert.match(server.log, /"event":"archive_gap"/);
  await saves('examen');
  await back();
  await endSegment();
  await until(async () => (await backedUp.metric('manent_archive_gap')) === 0, 60, 'the gap was not closed');
  const { code, printed } = await backedUp.command(['backup', 'check']);
  assert.equal(code, 0, printed);
  assert.match(printed, /restored: 2 revisions/);
});

test('a disk that is not mounted at the start is not taken for a new repository', async () => {
  await server.stop({ keep: true });
  await away();
  await mkdir(backedUp.repository, { mode: 0o777 });
  await server.start();
  await until(() => /"event":"backup_not_set_up"[^\n]*is its disk mounted/.test(server.log), 20, 'it was not said');
  assert.equal(await backedUp.metric('manent_archive_failing'), 1);
  await rm(backedUp.repository, { recursive: true });
  await server.stop({ keep: true });
  await back();
  await server.start();
  await isAway(0);
});

test('after a promotion the archive goes on from the new primary, and a restore has the words of both', async () => {
  await saves('interrogatoire');
  await twoCopies(server);
  await until(() => existsSync(path.join(server.data, 'standby.whole')), 20, 'the standby was never called whole');
  await killWhole(await server.pid('primary'));
  await rm(path.join(server.data, 'primary'), { recursive: true });
  await until(async () => (await server.psql('SELECT pg_is_in_recovery()')).trim() === 'f', 60, 'never promoted');
  await ready(server);
  await saves('conclusion');
  await until(async () => (await backedUp.metric('manent_archive_gap')) === 1, 40, 'the promotion was not seen');
  await until(async () => (await backedUp.metric('manent_archive_gap')) === 0, 60, 'no backup followed the promotion');
  const { code, printed } = await backedUp.command(['backup', 'check']);
  assert.equal(code, 0, printed);
  assert.match(printed, /restored: 4 revisions/);
});

test('a store that answers nothing keeps nobody from stopping', async () => {
  const sockets = new Set();
  const silent = createServer((socket) => sockets.add(socket)).listen(0, '127.0.0.1');
  await new Promise((resolve) => silent.once('listening', resolve));
  const other = new Server({
    environment: {
      MANENT_BACKUP_S3_ENDPOINT: `127.0.0.1:${silent.address().port}`,
      MANENT_BACKUP_S3_BUCKET: 'bucket', MANENT_BACKUP_S3_KEY: 'key', MANENT_BACKUP_S3_SECRET: 'secret',
    },
  });
  try {
    await other.start();
    await other.psql("SELECT pg_logical_emit_message(true, 'test', 'x'); SELECT pg_switch_wal()");
    await until(() => sockets.size > 0, 20, 'nobody asked the store');
    await other.stop({ keep: true });
    // Ended by itself, not by force: nothing has to be recovered at the next start.
    const log = await readFile(path.join(other.data, 'logs/primary.log'), 'utf8');
    assert.match(log, /database system is shut down/);
    assert.doesNotMatch(log, /immediate shutdown/);
  } finally {
    for (const each of sockets) each.destroy();
    silent.close();
    for (const folder of [other.data, other.sockets()]) await rm(folder, { recursive: true, force: true });
  }
});
