// The database away, killed or hanging: every request is answered in bounded time with 503, when to come back and a
// code; the program goes on by itself afterwards; and what was refused is stored exactly once when it is sent again.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { existsSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { Server, until } from '../support/server.mjs';
import { freeze, freezePrimary, freezeStandby, insist, killWhole, ready, timed, twoCopies } from '../support/faults.mjs';
import * as booking from '../api/booking_world.mjs';
import * as record from '../api/record_world.mjs';

const server = new Server();
let practice, times, patient_id;
before(async () => {
  await server.start();
  practice = await record.layPractice(server, 'Cabinet');
  ({ patient_id } = await record.addPatient(practice));
  times = await booking.layPractice(server);
  await twoCopies(server);
});
/** Goes on at the end of the test at the latest. */
const stopped = async (t, freezing) => {
  const thaw = await freezing;
  t.after(thaw);
  return thaw;
};
after(() => server.stop());

const open = async () => (await record.openConsultation(practice, patient_id)).consultation_id;
const read = (id) => practice.client.get(`${practice.path}/consultations/${id}`);
const history = async (id) => (await practice.client.get(
  `${practice.path}/revisions?subject_kind=consultation&subject_id=${id}&field=examen`)).body.items;
const appointments = (patient) => server.sql(
  `SELECT appointment_id, starts_at FROM manent.appointment WHERE person_id = '${patient.person_id}' AND state = 'booked'`);

/** Acts that need the database, each sent again under its own key. */
async function acts() {
  const id = await open();
  const patient = await booking.layPatient(server);
  const [start] = await booking.slots(times);
  const body = record.saveOf('consultation', id, { examen: 'Râles' });
  const reader = await booking.layPatient(server);
  return {
    id,
    patient,
    'a text': (key) => practice.client.keyed(`${practice.path}/revisions`, body, key),
    'a booking': (key) => patient.keyed('/appointments', booking.wish(times, start), key),
    'a reading': () => read(id),
    'who am I': () => reader.get('/session'),
  };
}
const names = ['a text', 'a booking', 'a reading', 'who am I'];

function assertAway(what, answer, within) {
  assert.equal(answer.status, 503, `${what}: ${answer.status} ${answer.text}`);
  assert.match(answer.headers.get('retry-after') ?? 'none', /^[1-9]\d*$/, `${what} does not say when to come back: ${answer.text}`);
  assert.match(answer.headers.get('content-type'), /^application\/problem\+json/, what);
  assert.match(answer.body.code, /^(unavailable|outcome_unknown)$/, what);
  assert.ok(answer.took < within, `${what} waited ${answer.took} ms`);
}

/** Sends them all again until they are answered: whatever happened before, each was done once. */
async function assertDoneOnce(all, keys) {
  const [saved] = (await insist(all['a text'], { key: keys['a text'] })).slice(-1);
  assert.equal(saved.status, 201, saved.text);
  const [booked] = (await insist(all['a booking'], { key: keys['a booking'] })).slice(-1);
  assert.equal(booked.status, 201, booked.text);
  const again = await all['a text'](keys['a text']);
  assert.equal(again.body.fields[0].revision_id, saved.body.fields[0].revision_id);
  assert.equal((await all['a booking'](keys['a booking'])).body.appointment_id, booked.body.appointment_id);
  assert.deepEqual((await history(all.id)).map((each) => each.revision_id), [saved.body.fields[0].revision_id]);
  assert.deepEqual((await appointments(all.patient)).map((each) => each.appointment_id), [booked.body.appointment_id]);
  assert.equal((await read(all.id)).body.fields.examen.heads[0].text, 'Râles');
}

const sendAll = async (all, keys) => Object.fromEntries(await Promise.all(
  names.map(async (what) => [what, await timed(all[what](keys[what]))])));
const freshKeys = () => Object.fromEntries(names.map((what) => [what, randomUUID()]));

test('while a killed primary does not come back each request is refused at once, and done once when it is back', async (t) => {
  const all = await acts();
  const keys = freshKeys();
  const primary = await server.pid('primary');
  // The keeper, which would start it again.
  const thaw = await stopped(t, freeze(server.process.pid, { alone: true }));
  // With its children: they would answer for a moment longer.
  await killWhole(primary);
  await until(async () => (await fetch(`${server.base}/readyz`)).status === 503, 10, 'the death was never noticed');
  for (let round = 0; round < 3; ++round)
    for (const [what, answer] of Object.entries(await sendAll(all, keys))) assertAway(what, answer, 10_000);
  assert.equal((await fetch(`${server.base}/healthz`)).status, 200);
  assert.equal((await fetch(`${server.base}/readyz`)).status, 503);
  thaw();
  await assertDoneOnce(all, keys);
  await ready(server);
  await twoCopies(server);
});

describe('a primary that hangs', { concurrency: 3 }, () => {
  test('is noticed within seconds, is ended with all its processes, and comes back by itself', async (t) => {
    const all = await acts();
    const keys = freshKeys();
    const told = server.log.length;
    const { pids } = await stopped(t, freezePrimary(server));
    const health = timed(fetch(`${server.base}/healthz`).then(({ status }) => ({ status })));
    const first = await sendAll(all, keys);
    assert.equal((await health).status, 200);
    assert.ok((await health).took < 5000, 'what needs no database waited for it');
    for (const [what, answer] of Object.entries(first)) assertAway(what, answer, 15_000);
    await assertDoneOnce(all, keys);
    assert.match(server.log.slice(told), /"event":"database_silent"/);
    assert.match(server.log.slice(told), /"event":"postgresql_hangs","which":"primary"/);
    assert.deepEqual(pids.filter((pid) => existsSync(`/proc/${pid}`)), [], 'a process of the one that hung is left');
    await ready(server);
    await twoCopies(server);
  });

  test('is ended with its living children when only its postmaster hangs', async (t) => {
    const other = new Server();
    t.after(() => other.stop());
    await other.start();
    await twoCopies(other);
    const thaw = await stopped(t, freeze(await other.pid('primary'), { alone: true }));
    await until(() => /"event":"postgresql_hangs","which":"primary"/.test(other.log), 40, 'it was never noticed');
    await until(async () => (await other.pid('primary')) !== thaw.pids[0], 40, 'no other was started');
    await ready(other);
    await twoCopies(other);
  });

  test('cannot keep the program from ending', async (t) => {
    const other = new Server();
    t.after(() => other.stop());
    await other.start();
    await twoCopies(other);
    const others = await Promise.all(['server', 'standby'].map((which) => other.pid(which)));
    const thaw = await stopped(t, freezePrimary(other));
    other.process.kill('SIGTERM');
    await until(() => other.process.exitCode !== null, 100, 'the keeper never ended');
    assert.equal(other.process.exitCode, 0);
    thaw();
    await until(() => [...others, ...thaw.pids].every((pid) => !existsSync(`/proc/${pid}`)), 10, 'a process is left');
    await other.start();
    await ready(other);
  });
});

test('a standby that hangs is started again', async (t) => {
  const told = server.log.length;
  await stopped(t, freezeStandby(server));
  await until(() => /"event":"postgresql_hangs","which":"standby"/.test(server.log.slice(told)), 60, 'it was never noticed');
  await twoCopies(server);
});
