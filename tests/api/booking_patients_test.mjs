// Booking as patients do it, over real HTTP against the real database: free times, holds, booking with each refusal,
// moving, cancelling, and what the letters carry.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Client, Server } from '../support/server.mjs';
import { letters } from '../support/people.mjs';
import { book, dayFromNow, layPatient, layPractice, refusal, slots, untilOffered, week, wish } from './booking_world.mjs';

const server = new Server();
let practice;
before(async () => {
  await server.start();
  practice = await layPractice(server);
});
after(() => server.stop());

const nobody = () => new Client(server.base);
const ask = (query) => nobody().get(`/agendas/${practice.agenda}/slots?${query}`);

test('free times are listed by local day, with the first day after the range', async () => {
  const { status, body } = await ask(`motive=${practice.motive}&from=${week.from}&to=${week.to}`);
  assert.equal(status, 200);
  assert.equal(body.time_zone, 'Europe/Paris');
  assert.equal(body.days.length, 7);
  assert.equal(body.days[0].date, week.from);
  assert.equal(body.days[0].slots.length, 9);
  assert.match(body.days[0].slots[0], new RegExp(`^${week.from}T09:00:00\\+0[12]:00$`));
  assert.equal(body.next_date, dayFromNow(14));
});

test('a question about free times that makes no sense names its field', async () => {
  const motive = `motive=${practice.motive}`;
  for (const [query, path] of [
    [`from=${week.from}&to=${week.to}`, '/motive'],
    [`${motive}&to=${week.to}`, '/from'],
    [`${motive}&from=2026-02-30&to=${week.to}`, '/from'],
    [`${motive}&from=${week.to}&to=${week.from}`, '/to'],
    [`${motive}&from=${week.from}&to=${dayFromNow(7 + 93)}`, '/to'],
    [`${motive}&from=${week.from}&to=${week.to}&known=perhaps`, '/known'],
  ]) {
    const { status, body } = await ask(query);
    assert.deepEqual([status, body.errors?.[0]?.path], [400, path], query);
  }
  const unknown = await nobody().get(`/agendas/${randomUUID()}/slots?${motive}&from=${week.from}&to=${week.to}`);
  assert.deepEqual(refusal(unknown), [404, 'not_found']);
});

test('a held time is hidden from others, booked by its holder, and free again when given back', async () => {
  const [first, second] = await slots(practice);
  const kept = await nobody().post('/holds', wish(practice, first));
  assert.equal(kept.status, 201, kept.text);
  const minutes = (Date.parse(kept.body.expires_at) - Date.now()) / 60_000;
  assert.ok(minutes > 4.5 && minutes <= 5.1, `${minutes} minutes`);
  await untilOffered(practice, first, false);
  const other = await layPatient(server);
  assert.deepEqual(refusal(await other.keyed('/appointments', wish(practice, first))), [409, 'slot_taken']);
  const { hold_id, hold_token } = kept.body;
  const booked = await book(practice, await layPatient(server), first, { hold: { hold_id, hold_token } });
  assert.equal(Date.parse(booked.starts_at), Date.parse(first));

  const again = await nobody().post('/holds', wish(practice, second));
  const wrong = await nobody().delete(`/holds/${again.body.hold_id}`, { 'Hold-Token': hold_token });
  assert.deepEqual(refusal(wrong), [404, 'not_found']);
  await untilOffered(practice, second, false);
  const right = await nobody().delete(`/holds/${again.body.hold_id}`, { 'Hold-Token': again.body.hold_token });
  assert.equal(right.status, 204);
  await untilOffered(practice, second, true);
});

test('a hold without its token books nothing', async () => {
  const [start] = (await slots(practice)).slice(-1);
  const kept = await nobody().post('/holds', wish(practice, start));
  const hold = { hold_id: kept.body.hold_id, hold_token: 'guessed' };
  const thief = await layPatient(server);
  assert.deepEqual(refusal(await thief.keyed('/appointments', wish(practice, start, { hold }))), [409, 'slot_taken']);
  await nobody().delete(`/holds/${kept.body.hold_id}`, { 'Hold-Token': kept.body.hold_token });
  await untilOffered(practice, start, true);
});

test('an expired hold gives way, and a hold is extended once', async () => {
  const [start] = (await slots(practice)).slice(-2);
  const kept = await nobody().post('/holds', wish(practice, start));
  const path = `/holds/${kept.body.hold_id}/extension`;
  const token = { 'Hold-Token': kept.body.hold_token };
  const extended = await nobody().post(path, {}, token);
  assert.ok(Date.parse(extended.body.expires_at) - Date.now() > 14 * 60_000, extended.text);
  assert.deepEqual(refusal(await nobody().post(path, {}, token)), [409, 'hold_expired']);
  await server.psql(`
    SET row_security = off;
    UPDATE manent.appointment SET hold_expires_at = now() - interval '1 second'
      WHERE appointment_id = '${kept.body.hold_id}';
    INSERT INTO manent.outbox (practice_id, kind, agenda_id, starts_at)
      VALUES ('${practice.practice}', 'agenda_day', '${practice.agenda}', '${start}')`);
  await untilOffered(practice, start, true);
  await book(practice, await layPatient(server), start);
  const left = await server.sql(`SELECT 1 FROM manent.appointment WHERE appointment_id = '${kept.body.hold_id}'`);
  assert.equal(left.length, 0);
});

test('one address holds five times and no sixth', async () => {
  const crowded = await layPractice(server);
  await server.psql(`SET row_security = off; DELETE FROM manent.appointment WHERE state = 'held'`);
  const starts = await slots(crowded);
  const holds = [];
  for (const start of starts.slice(0, 6)) holds.push(await nobody().post('/holds', wish(crowded, start)));
  assert.deepEqual(holds.map((each) => each.status), [201, 201, 201, 201, 201, 429]);
  assert.equal(holds[5].body.code, 'hold_limit');
  await server.psql(`SET row_security = off; DELETE FROM manent.appointment WHERE state = 'held'`);
});

test('booking answers the appointment, mails a neutral letter with a calendar file, and takes the time', async () => {
  const patient = await layPatient(server);
  const [start] = (await slots(practice)).slice(9);
  const made = await book(practice, patient, start, { note: 'Toux depuis trois semaines' });
  assert.deepEqual(
    [made.practice_name, made.motive_label, made.state, made.version, made.can_move, made.can_cancel],
    ['Cabinet des Quais', 'Suivi de pneumologie', 'booked', 1, true, true],
  );
  assert.equal(made.person.person_id, patient.person_id);
  assert.equal(made.site.city, 'Agen');
  assert.equal(Date.parse(made.cancel_until), Date.parse(start) - 86_400_000);
  await untilOffered(practice, start, false);

  const [letter] = await letters(server, patient.email);
  const whole = letter.subject + letter.body + letter.calendar;
  assert.match(letter.body, /1 rue Mme Delmas, 47000 Agen/);
  assert.match(letter.body, new RegExp(`/appointments/${made.appointment_id}`));
  assert.match(letter.calendar, /^BEGIN:VCALENDAR\r\n[^]*SUMMARY:Rendez-vous\r\n[^]*END:VCALENDAR\r\n$/);
  assert.doesNotMatch(whole, /pneumologie|Leroy|Quais|Toux/i, 'a letter tells where and when, never what for');
  const stored = await server.sql(`SELECT encode(note_sealed, 'escape') AS note FROM manent.appointment
    WHERE appointment_id = '${made.appointment_id}'`);
  assert.doesNotMatch(stored[0].note, /Toux/);

  const own = (await patient.get('/me/appointments')).body;
  assert.deepEqual([own.upcoming.length, own.past.length], [1, 0]);
  const file = await patient.get(`/me/appointments/${made.appointment_id}/calendar`);
  assert.match(file.headers.get('content-type'), /^text\/calendar/);
  assert.match(file.text, new RegExp(`UID:${made.appointment_id}@`));
});

test('each refusal of a time has its own code', async () => {
  const patient = await layPatient(server);
  const tried = async (starts_at, more) =>
    refusal(await patient.keyed('/appointments', wish(practice, starts_at, more)));
  const [start, next] = (await slots(practice)).slice(20);
  await book(practice, await layPatient(server), start);
  const taken = await patient.keyed('/appointments', wish(practice, start));
  assert.deepEqual(refusal(taken), [409, 'slot_taken']);
  assert.ok(taken.body.nearest.includes(next), `${taken.body.nearest}`);
  assert.deepEqual(await tried(`${week.from}T05:00:00Z`), [409, 'outside_openings']);
  assert.deepEqual(await tried(next.replace(':00+', ':07+')), [409, 'outside_openings']);
  assert.deepEqual(await tried(new Date().toISOString()), [409, 'too_early']);
  assert.deepEqual(await tried(`${dayFromNow(200)}T09:00:00Z`), [409, 'too_late']);
  assert.deepEqual(await tried(next, { motive_id: randomUUID() }), [409, 'motive_not_bookable']);
  assert.deepEqual(await tried(next, { agenda_id: randomUUID() }), [404, 'not_found']);
  assert.deepEqual(await tried(next, { person_id: randomUUID() }), [404, 'not_found']);
  const first = await book(practice, patient, next);
  const [later] = (await slots(practice)).slice(-5);
  const twice = await patient.keyed('/appointments', wish(practice, later));
  assert.deepEqual([...refusal(twice), twice.body.appointment_id], [409, 'already_booked', first.appointment_id]);
  assert.deepEqual(refusal(await nobody().keyed('/appointments', wish(practice, later))), [401, 'not_signed_in']);
});

test('a body that is wrong in several places names each', async () => {
  const patient = await layPatient(server);
  const { status, body } = await patient.keyed('/appointments', {
    agenda_id: 'none', motive_id: practice.motive, starts_at: '2026-11-26T14:00:00', note: 'x'.repeat(501), extra: 1,
  });
  assert.equal(status, 400);
  assert.deepEqual(
    body.errors.map((each) => `${each.path} ${each.code}`).sort(),
    ['/agenda_id not_a_uuid', '/extra unknown_field', '/known required', '/note too_long', '/starts_at not_an_instant'],
  );
  const keyless = await patient.post('/appointments', wish(practice, `${week.from}T09:00:00Z`));
  assert.deepEqual(refusal(keyless), [400, 'key_missing']);
});

test('a repeated request books once and answers the same, another request under its key is refused', async () => {
  const patient = await layPatient(server);
  const [start, other] = (await slots(practice)).slice(30);
  const key = randomUUID();
  const first = await patient.keyed('/appointments', wish(practice, start), key);
  const again = await patient.keyed('/appointments', wish(practice, start), key);
  assert.deepEqual([first.status, again.status], [201, 201]);
  assert.deepEqual(again.body, first.body);
  const reused = await patient.keyed('/appointments', wish(practice, other), key);
  assert.deepEqual(refusal(reused), [422, 'key_reused']);
  assert.equal((await letters(server, patient.email)).length, 1);
});

test('a parent books for a child, and nobody else sees it', async () => {
  const parent = await layPatient(server);
  const child = randomUUID();
  await server.psql(`
    SET row_security = off;
    INSERT INTO manent.person (person_id, given_name, family_name, birth_date)
      VALUES ('${child}', 'Hugo', 'Martin', '2018-05-01');
    INSERT INTO manent.mandate VALUES ('${parent.person_id}', '${child}', 'child')`);
  const [start] = (await slots(practice)).slice(-10);
  const made = await book(practice, parent, start, { person_id: child });
  assert.equal(made.person.given_name, 'Hugo');
  const stranger = await layPatient(server);
  const path = `/me/appointments/${made.appointment_id}`;
  assert.equal((await parent.get(path)).status, 200);
  assert.deepEqual(refusal(await stranger.get(path)), [404, 'not_found']);
  assert.deepEqual(refusal(await stranger.keyed(`${path}/cancel`, { version: 1 })), [404, 'not_found']);
  assert.deepEqual(refusal(await stranger.get(`${path}/calendar`)), [404, 'not_found']);
});

test('moving frees one time and takes another, once, and only from the version that was seen', async () => {
  const patient = await layPatient(server);
  const [start, target] = (await slots(practice)).slice(15);
  const made = await book(practice, patient, start);
  await untilOffered(practice, start, false);
  const path = `/me/appointments/${made.appointment_id}/move`;
  const key = randomUUID();
  const moved = await patient.keyed(path, { starts_at: target, version: 1 }, key);
  assert.equal(moved.status, 200, moved.text);
  assert.deepEqual([Date.parse(moved.body.starts_at), moved.body.version], [Date.parse(target), 2]);
  await untilOffered(practice, start, true);
  await untilOffered(practice, target, false);
  assert.deepEqual((await patient.keyed(path, { starts_at: target, version: 1 }, key)).body, moved.body);
  const stale = await patient.keyed(path, { starts_at: start, version: 1 });
  assert.deepEqual([...refusal(stale), stale.body.version], [409, 'stale', 2]);
  const [, letter] = (await letters(server, patient.email)).map((each) => each.calendar).reverse();
  assert.match(letter, /SEQUENCE:2\r\n/);
});

test('cancelling frees the time and says so in the calendar', async () => {
  const patient = await layPatient(server);
  const [start] = (await slots(practice)).slice(17);
  const made = await book(practice, patient, start);
  const path = `/me/appointments/${made.appointment_id}/cancel`;
  const cancelled = await patient.keyed(path, { version: 1 });
  assert.deepEqual([cancelled.status, cancelled.body.state], [200, 'cancelled']);
  await untilOffered(practice, start, true);
  const [letter] = await letters(server, patient.email);
  assert.match(letter.calendar, /METHOD:CANCEL\r\n[^]*STATUS:CANCELLED\r\n/);
  assert.equal((await patient.get('/me/appointments')).body.past[0].appointment_id, made.appointment_id);
  assert.deepEqual(refusal(await patient.keyed(path, { version: 2 })), [409, 'past_delay']);
  await book(practice, patient, start);
});

test('after the delay a patient moves and cancels no more', async () => {
  const strict = await layPractice(server, { cancel_min: 43_200 });
  const patient = await layPatient(server);
  const [start, target] = await slots(strict);
  const made = await book(strict, patient, start);
  assert.deepEqual([made.can_move, made.can_cancel], [false, false]);
  const path = `/me/appointments/${made.appointment_id}`;
  assert.deepEqual(refusal(await patient.keyed(`${path}/move`, { starts_at: target, version: 1 })), [409, 'past_delay']);
  assert.deepEqual(refusal(await patient.keyed(`${path}/cancel`, { version: 1 })), [409, 'past_delay']);
});
