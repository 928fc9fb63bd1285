// A disk that fills up: writes are refused in time and say why, reads go on, and once there is room again everything
// goes on by itself, with nothing missing. Needs root, for a small file system of its own.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmdirSync } from 'node:fs';
import { open, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Server, until } from '../support/server.mjs';
import { ready, timed } from '../support/faults.mjs';
import * as booking from '../api/booking_world.mjs';
import * as record from '../api/record_world.mjs';

const MiB = 1024 * 1024;
const reserve = 96 * MiB;

let disk;
function mountSmallDisk() {
  if (process.getuid() !== 0) return 'only root may mount a small disk';
  const folder = mkdtempSync(path.join(tmpdir(), 'manent-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=720m,mode=755', 'manent-test', folder], { stdio: 'pipe' });
  } catch (refused) {
    rmdirSync(folder);
    return `no small disk can be mounted here: ${refused.stderr}`;
  }
  disk = folder;
  // Whatever happens to this test, its disk does not outlive it.
  process.once('exit', () => {
    execFileSync('umount', ['-l', disk]);
    rmdirSync(disk);
  });
  return false;
}
const skip = mountSmallDisk();

const server = disk && new Server({ data: path.join(disk, 'data'), environment: { MANENT_DISK_RESERVE_MB: String(reserve / MiB) } });
let practice, consultation, times, patients;
const texts = [];
before(async () => {
  if (skip) return;
  execFileSync('mkdir', [server.options.data]);
  await server.start();
  practice = await record.layPractice(server, 'Cabinet');
  const { patient_id } = await record.addPatient(practice);
  consultation = await record.openConsultation(practice, patient_id);
  times = await booking.layPractice(server);
  patients = await Promise.all([1, 2, 3].map(() => booking.layPatient(server)));
});
after(async () => {
  if (!skip) await server.stop();
});

const free = async () => {
  const { bavail, bsize } = await statfs(disk);
  return bavail * bsize;
};
const filler = path.join(disk ?? '', 'filler');
/** Takes all but `left` of the bytes that are free now, and nothing of what is given back meanwhile. */
async function fill(left) {
  const file = await open(filler, 'a');
  try {
    const block = Buffer.alloc(MiB);
    for (let room = (await free()) - left; room > 0; room -= block.length)
      await file.write(block, 0, Math.min(room, block.length));
  } catch (full) {
    if (full.code !== 'ENOSPC') throw full;
  } finally {
    await file.close();
  }
}
const empty = () => rm(filler, { force: true });
// The serving process looks at the disk four times a second; the reserve is what may be written in between.
const noticed = (...answers) =>
  until(async () => answers.includes((await fetch(`${server.base}/readyz`)).status), 10, 'the full disk was never noticed');

const subject = () => consultation.consultation_id;
const save = async (text) => {
  const answer = await timed(record.save(practice, 'consultation', subject(), [{ field: 'examen', text, bases: [] }]));
  if (answer.status === 201) texts.push(text);
  return answer;
};
const history = async () => {
  const { status, body } = await practice.client.get(
    `${practice.path}/revisions?subject_kind=consultation&subject_id=${subject()}&field=examen`);
  assert.equal(status, 200);
  return body.items.map((each) => each.text).sort();
};
const processes = () => Promise.all(['keeper', 'server', 'primary', 'standby'].map((which) => server.pid(which)));
const readsGoOn = async (start) => {
  const seen = await practice.client.get(`${practice.path}/consultations/${subject()}`);
  assert.equal(seen.status, 200, seen.text);
  assert.deepEqual(seen.body.fields.examen.heads.map((each) => each.text).sort(), [...texts].sort());
  assert.ok((await booking.slots(times)).includes(start), 'a free time is no longer offered');
};
const readingsNoted = async () => Number(await server.psql(
  `SET row_security = off; SELECT count(*) FROM manent.access_event WHERE action = 'read' AND what_id = '${subject()}'`));
const everythingIsThere = async () => {
  assert.deepEqual(await history(), [...texts].sort());
  const { stdout } = await server.command('verify').catch((failed) => assert.fail(failed.stdout + failed.stderr));
  assert.match(stdout, /primary: .*all open and match/);
};

test('below the reserve writes are refused with the way on, reads go on, and with room writes go on', { skip }, async () => {
  for (const text of ['Toux', 'Fièvre']) assert.equal((await save(text)).status, 201);
  const [first, second] = await booking.slots(times);
  await booking.book(times, patients[0], first);
  const running = await processes();

  await fill(reserve - 8 * MiB);
  assert.ok((await free()) > 0);
  await noticed(507);
  const refused = {
    'a text': await save('refusé'),
    'a booking': await timed(patients[1].keyed('/appointments', booking.wish(times, second))),
    'a hold': await timed(patients[1].post('/holds', booking.wish(times, second))),
  };
  for (const [what, answer] of Object.entries(refused)) {
    assert.deepEqual(booking.refusal(answer), [507, 'disk_full'], what);
    assert.match(answer.headers.get('content-type'), /^application\/problem\+json/, what);
    assert.match(answer.body.detail, /lecture continue/, what);
    assert.ok(answer.took < 5000, `${what} waited ${answer.took} ms`);
  }
  const noted = await readingsNoted();
  await readsGoOn(second);
  assert.deepEqual(await processes(), running);

  await empty();
  await until(async () => (await save('de nouveau')).status === 201, 5, 'writes never went on');
  await booking.book(times, patients[1], second);
  await until(async () => (await readingsNoted()) > noted, 5, 'what was read on a full disk is not in the access record');
  assert.deepEqual(await processes(), running);
  await everythingIsThere();
});

const ballast = () => stat(path.join(server.data, 'ballast')).then(({ size }) => size, () => 0);
const ballastSays = async () => Number(
  /manent_disk_ballast_bytes ([0-9.e+]+)/.exec(await (await fetch(`${server.base}/metrics`)).text())[1]);

test('with not a byte left the ballast lets PostgreSQL go on: reads are answered, and with room writes are too', { skip }, async () => {
  const [start] = await booking.slots(times);
  assert.equal((await save('avant')).status, 201);
  const held = await until(ballast, 10, 'there is no ballast');
  assert.ok(held >= 32 * MiB, `${held} bytes`);
  await until(async () => (await ballastSays()) === held, 5, '/metrics does not show it');
  const running = await processes();
  await fill(0);
  await until(async () => (await ballast()) === 0, 5, 'the ballast was never given back');
  await until(() => /"event":"ballast_given_back"/.test(server.log), 5, 'nothing was said of it');
  // What it gave is PostgreSQL's, and no room for writes.
  assert.ok((await free()) > 16 * MiB);
  await noticed(507);
  assert.deepEqual(booking.refusal(await save('refusé')), [507, 'disk_full']);
  await server.psql('CHECKPOINT');
  await readsGoOn(start);
  for (let i = 0; i < 10; ++i) assert.deepEqual(booking.refusal(await save('refusé')), [507, 'disk_full']);
  assert.deepEqual(await processes(), running);
  // What /metrics shows was looked up a moment before.
  await until(async () => (await ballastSays()) === 0, 5, '/metrics still shows a ballast');
  await empty();
  await until(async () => (await save('après')).status === 201, 30, 'writes never went on');
  await until(async () => (await ballast()) === held, 10, 'the ballast was never made again');
  await booking.book(times, patients[2], start);
  await everythingIsThere();
});

test('when even the ballast is eaten PostgreSQL stops at worst, and with room everything is there again', { skip }, async () => {
  assert.equal((await save('encore')).status, 201);
  await fill(0);
  await until(async () => (await ballast()) === 0, 5, 'the ballast was never given back');
  await fill(0);
  await noticed(503, 507);
  // A checkpoint writes new files, so on such a disk it ends PostgreSQL.
  await server.psql('CHECKPOINT').catch(() => {});
  for (let i = 0; i < 10; ++i) {
    const answer = await save('refusé');
    assert.ok([503, 507].includes(answer.status), answer.text);
    assert.ok(answer.took < 10_000, `${answer.took} ms`);
  }
  assert.ok(!/"event":"promotion_begins"/.test(server.log), 'a full disk was taken for a lost one');
  await empty();
  await ready(server);
  await until(async () => (await save('toujours')).status === 201, 30, 'writes never went on');
  await everythingIsThere();
});
