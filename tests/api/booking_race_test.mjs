// Races for a time: however many want it at once, one gets it, everyone gets a clear answer, and a plan made with old
// openings books nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Client, Server } from '../support/server.mjs';
import { book, layPatient, layPractice, refusal, slots, wish } from './booking_world.mjs';

const server = new Server();
before(() => server.start());
after(() => server.stop());

const countOf = (answers) => {
  const counts = {};
  for (const { status, body } of answers) counts[body.code ?? status] = (counts[body.code ?? status] ?? 0) + 1;
  return counts;
};

const booked = (practice) => server.sql(`
  SELECT starts_at, lane, count(*)::int AS patients FROM manent.appointment
  WHERE practice_id = '${practice.practice}' AND state = 'booked' GROUP BY starts_at, lane`);

test('of thirty who want one time, one gets it and the rest hear that it is taken', async () => {
  const practice = await layPractice(server);
  const patients = await Promise.all(Array.from({ length: 30 }, () => layPatient(server)));
  for (const start of (await slots(practice)).slice(0, 4)) {
    const answers = await Promise.all(
      patients.map((patient) => patient.keyed('/appointments', wish(practice, start, { motive_id: practice.motive }))),
    );
    const counts = countOf(answers);
    assert.equal(counts[201], 1, JSON.stringify(counts));
    assert.equal((counts.slot_taken ?? 0) + (counts.already_booked ?? 0), 29, JSON.stringify(counts));
  }
  assert.ok((await booked(practice)).every((each) => each.patients === 1));
});

test('where the opening admits three at a time, three get it, in three lanes', async () => {
  const practice = await layPractice(server, { capacity: 3 });
  const [start] = await slots(practice);
  const patients = await Promise.all(Array.from({ length: 12 }, () => layPatient(server)));
  const answers = await Promise.all(patients.map((patient) => patient.keyed('/appointments', wish(practice, start))));
  assert.deepEqual(countOf(answers), { 201: 3, slot_taken: 9 });
  assert.deepEqual((await booked(practice)).map((each) => each.lane).sort(), [0, 1, 2]);
});

test('one request sent ten times at once books once and answers ten times', async () => {
  const practice = await layPractice(server);
  const patient = await layPatient(server);
  const [start] = await slots(practice);
  const key = randomUUID();
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => patient.keyed('/appointments', wish(practice, start), key)),
  );
  assert.deepEqual(countOf(answers), { 201: 10 });
  assert.equal(new Set(answers.map((each) => each.body.appointment_id)).size, 1);
});

test('one person who asks for two times at once gets one', async () => {
  const practice = await layPractice(server);
  const patient = await layPatient(server);
  const starts = (await slots(practice)).slice(0, 6);
  const answers = await Promise.all(starts.map((start) => patient.keyed('/appointments', wish(practice, start))));
  assert.deepEqual(countOf(answers), { 201: 1, already_booked: 5 });
});

test('holders and bookers race for one time without two winners', async () => {
  const practice = await layPractice(server);
  const [start] = await slots(practice);
  const patients = await Promise.all(Array.from({ length: 8 }, () => layPatient(server)));
  const holders = await Promise.all(Array.from({ length: 8 }, () => layPatient(server)));
  const answers = await Promise.all([
    ...patients.map((patient) => patient.keyed('/appointments', wish(practice, start))),
    ...holders.map((patient) => patient.post('/holds', wish(practice, start))),
  ]);
  assert.equal(countOf(answers)[201], 1, JSON.stringify(countOf(answers)));
});

test('two who move to one time: one arrives, the other stays where they were', async () => {
  const practice = await layPractice(server);
  const starts = await slots(practice);
  for (const target of starts.slice(20, 24)) {
    const [one, other] = await Promise.all([layPatient(server), layPatient(server)]);
    const free = (await slots(practice)).filter((start) => !starts.slice(20, 24).includes(start));
    const visits = [await book(practice, one, free[0]), await book(practice, other, free[1])];
    const answers = await Promise.all([one, other].map((patient, i) =>
      patient.keyed(`/me/appointments/${visits[i].appointment_id}/move`, { starts_at: target, version: 1 })));
    assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409], JSON.stringify(answers.map(refusal)));
    const loser = answers.findIndex(({ status }) => status === 409);
    const after = await [one, other][loser].get(`/me/appointments/${visits[loser].appointment_id}`);
    assert.deepEqual([after.body.starts_at, after.body.version], [visits[loser].starts_at, 1]);
  }
});

test('a booking that was planned with openings since closed is refused', async () => {
  const practice = await layPractice(server);
  const [start] = await slots(practice);
  // The index is told nothing: the hint is taken away before it commits.
  await server.psql(`
    SET row_security = off;
    DELETE FROM manent.opening WHERE practice_id = '${practice.practice}';
    UPDATE manent.agenda SET schedule_version = schedule_version + 1 WHERE agenda_id = '${practice.agenda}'`);
  assert.ok((await slots(practice)).includes(start), 'the index still believes in the openings');
  const patient = await layPatient(server);
  assert.deepEqual(refusal(await patient.keyed('/appointments', wish(practice, start))), [409, 'outside_openings']);
  assert.deepEqual(await slots(practice), [], 'and has read them again');
});

test('a time that was taken behind the index is refused, and then shown as taken', async () => {
  const practice = await layPractice(server);
  const [start, next] = await slots(practice);
  await server.psql(`
    SET row_security = off;
    INSERT INTO manent.appointment (practice_id, appointment_id, agenda_id, motive_id, lane, starts_at, ends_at, state,
                                    hold_token_hash, hold_expires_at)
    VALUES ('${practice.practice}', gen_random_uuid(), '${practice.agenda}', '${practice.motive}', 0, '${start}',
            timestamptz '${start}' + interval '20 minutes', 'held', '\\x00', now() + interval '1 hour')`);
  const patient = await layPatient(server);
  const refused = await patient.keyed('/appointments', wish(practice, start));
  assert.deepEqual([...refusal(refused), refused.body.nearest[0]], [409, 'slot_taken', next]);
  assert.ok(!(await slots(practice)).includes(start));
});

test('the index finds by itself what another program commits', async () => {
  const practice = await layPractice(server);
  const [start] = await slots(practice);
  await server.psql(`
    SET row_security = off;
    INSERT INTO manent.absence (practice_id, absence_id, agenda_id, starts_at, ends_at)
      VALUES ('${practice.practice}', gen_random_uuid(), '${practice.agenda}', '${start}',
              timestamptz '${start}' + interval '1 hour');
    INSERT INTO manent.outbox (practice_id, kind, agenda_id)
      VALUES ('${practice.practice}', 'agenda_schedule', '${practice.agenda}')`);
  const end = Date.now() + 5000;
  while ((await slots(practice, undefined, new Client(server.base))).includes(start)) {
    assert.ok(Date.now() < end, 'the absence was never seen');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});
