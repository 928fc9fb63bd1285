// What the fault campaign found about acts that are sent twice, or that meet the end of their session: an answer that
// decides must be the right one, for a device gives up on it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { freezePrimary, insist, ready } from '../support/faults.mjs';
import { Server, until } from '../support/server.mjs';
import * as booking from '../api/booking_world.mjs';
import * as record from '../api/record_world.mjs';

const server = new Server();
let times, starts, practice, consultation;
before(async () => {
  await server.start();
  times = await booking.layPractice(server);
  starts = await booking.slots(times);
  practice = await record.layPractice(server, 'Cabinet');
  const { patient_id } = await record.addPatient(practice);
  consultation = await record.openConsultation(practice, patient_id);
});
after(() => server.stop());

/** One act under one key, sent `times` times, each a little after the one before. */
async function sentAgainAndAgain(send, times_ = 6) {
  const key = randomUUID();
  return Promise.all(Array.from({ length: times_ }, async (_, n) => {
    await new Promise((resolve) => setTimeout(resolve, n * 2));
    return send(key);
  }));
}

test('a move and a cancellation under one key are answered as done, however often they are sent at once', async () => {
  const person = await booking.layPatient(server);
  for (let n = 0; n < 15; ++n) {
    const booked = await booking.book(times, person, starts[2 * n]);
    const path = `/me/appointments/${booked.appointment_id}`;
    const moved = await sentAgainAndAgain((key) => person.keyed(`${path}/move`, { starts_at: starts[2 * n + 1], version: 1 }, key));
    assert.deepEqual(moved.map(({ status, body }) => [status, body.code, body.version]), moved.map(() => [200, undefined, 2]));
    const cancelled = await sentAgainAndAgain((key) => person.keyed(`${path}/cancel`, { version: 2 }, key));
    assert.deepEqual(cancelled.map(({ status, body }) => [status, body.code, body.state]), cancelled.map(() => [200, undefined, 'cancelled']));
  }
});

test('a booking under one key is answered as done, however often it is sent at once', async () => {
  const person = await booking.layPatient(server);
  for (let n = 30; n < 45; ++n) {
    const booked = await sentAgainAndAgain((key) => person.keyed('/appointments', booking.wish(times, starts[n]), key));
    assert.deepEqual([...new Set(booked.map(({ status, body }) => `${status} ${body.appointment_id}`))], [`201 ${booked[0].body.appointment_id}`]);
    await person.keyed(`/me/appointments/${booked[0].body.appointment_id}/cancel`, { version: 1 });
  }
});

test('a booking sent again while the database is away is not refused over its own time', async () => {
  const person = await booking.layPatient(server);
  const key = randomUUID();
  const wish = booking.wish(times, starts[48]);
  const booked = await person.keyed('/appointments', wish, key);
  assert.equal(booked.status, 201, booked.text);
  // By now the index has read that this time is taken.
  await until(async () => !(await booking.slots(times)).includes(starts[48]));
  const thaw = await freezePrimary(server);
  try {
    const meanwhile = await person.keyed('/appointments', wish, key);
    assert.equal(meanwhile.status, 503, meanwhile.text);
  } finally {
    thaw();
    await ready(server);
  }
  const again = (await insist((each) => person.keyed('/appointments', wish, each), { key })).at(-1);
  assert.deepEqual([again.status, again.body.appointment_id], [201, booked.body.appointment_id]);
});

test('who writes on a session that has just ended is asked to sign in, not told that there is nothing', async () => {
  const { client, id } = practice.people.practitioner;
  const person = await booking.layPatient(server);
  const booked = await booking.book(times, person, starts[50]);
  // Looked up a moment ago, so that the next request is let pass by what is remembered.
  assert.equal((await client.get('/session')).status, 200);
  assert.equal((await person.get('/session')).status, 200);
  await server.psql(`UPDATE manent.session SET expires_at = now() WHERE person_id IN ('${id}', '${person.person_id}')`);
  const saved = await record.save(practice, 'consultation', consultation.consultation_id, [{ field: 'examen', text: 'Toux', bases: [] }]);
  assert.deepEqual(booking.refusal(saved), [401, 'not_signed_in']);
  const cancelled = await person.keyed(`/me/appointments/${booked.appointment_id}/cancel`, { version: 1 });
  assert.deepEqual(booking.refusal(cancelled), [401, 'not_signed_in']);
});
