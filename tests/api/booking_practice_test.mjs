// The practice's day over real HTTP: the secretary books, moves, marks, overbooks and closes time; openings and motives
// are edited; screens hear of it; nothing of another practice can be reached.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Client, Server, until } from '../support/server.mjs';
import { letters } from '../support/people.mjs';
import {
  book, dayFromNow, layMember, layPatient, layPractice, listen, refusal, slots, untilOffered, week, wish,
} from './booking_world.mjs';

const server = new Server();
let practice;
before(async () => {
  await server.start();
  practice = await layPractice(server);
});
after(() => server.stop());

let births = 0;
async function addPatient(of = practice, more = {}) {
  births += 1;
  const answer = await of.staff.keyed(`${of.path}/patients`, {
    birth_name: 'Bernard', used_name: 'Martin', given_names: 'Louise Anne', sex: 'female', confirm_new: true,
    birth_date: new Date(Date.UTC(1950, 0, 1 + births * 31)).toISOString().slice(0, 10), ...more,
  });
  assert.equal(answer.status, 201, answer.text);
  return answer.body.patient_id;
}

const visitWish = (of, patient_id, starts_at, more = {}) =>
  ({ agenda_id: of.agenda, motive_id: of.motive, patient_id, starts_at, ...more });

async function bookFor(of, patient_id, starts_at, more) {
  const answer = await of.staff.keyed(`${of.path}/appointments`, visitWish(of, patient_id, starts_at, more));
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}

const schedule = async (of, { from, to } = week) =>
  (await of.staff.get(`${of.path}/schedule?from=${from}&to=${to}`)).body;

test('the agendas carry their motives and the version of their schedule', async () => {
  const { status, body } = await practice.staff.get(`${practice.path}/agendas`);
  assert.equal(status, 200);
  const [agenda] = body.items;
  assert.deepEqual([agenda.name, agenda.site_name, agenda.time_zone], ['Dr Anne Leroy', 'Centre de pneumologie', 'Europe/Paris']);
  assert.equal(typeof agenda.schedule_version, 'number');
  assert.deepEqual([agenda.motives[0].duration_min, agenda.motives[0].admits, agenda.motives[0].public], [20, 'both', true]);
});

test('staff book for a patient, who is mailed in neutral words, and see it in the schedule', async () => {
  const patient = await addPatient(practice, { email: 'louise@exemple.fr', phone: '06 11 22 33 44' });
  const [start] = await slots(practice);
  const made = await bookFor(practice, patient, start, { note: 'apporte ses radios', duration_min: 35 });
  assert.deepEqual(
    [made.patient_name, made.state, made.lane, made.note, made.booked_by, made.new_patient, made.version],
    ['MARTIN Louise', 'booked', 0, 'apporte ses radios', 'staff', true, 1],
  );
  assert.equal(Date.parse(made.ends_at) - Date.parse(made.starts_at), 35 * 60_000);
  const [letter] = await letters(server, 'louise@exemple.fr');
  assert.doesNotMatch(letter.subject + letter.body + letter.calendar, /pneumologie|Leroy|Quais|radios/i);
  const shown = await schedule(practice);
  assert.deepEqual(shown.appointments.find((each) => each.appointment_id === made.appointment_id), made);
  assert.equal(shown.openings.length, 7);
  const events = await until(async () => {
    const found = await server.sql(`SELECT action, what FROM manent.access_event WHERE patient_id = '${patient}'`);
    return found.some((each) => each.action === 'read' && each.what === 'appointment') && found;
  });
  assert.ok(events.some((each) => each.action === 'write' && each.what === 'appointment'));
});

test('an overlap is a warning and overbooking a choice; cancelling brings the second one down', async () => {
  const [one, other] = [await addPatient(), await addPatient()];
  const [, , , start] = await slots(practice);
  const first = await bookFor(practice, one, start);
  const warned = await practice.staff.keyed(`${practice.path}/appointments`, visitWish(practice, other, start));
  assert.deepEqual(refusal(warned), [409, 'overlaps']);
  const second = await bookFor(practice, other, start, { overbook: true });
  assert.deepEqual([first.lane, second.lane], [0, 1]);
  const path = `${practice.path}/appointments/${first.appointment_id}/state`;
  const cancelled = await practice.staff.keyed(path, { state: 'cancelled', version: 1 });
  assert.deepEqual([cancelled.status, cancelled.body.state], [200, 'cancelled'], cancelled.text);
  const { body } = await practice.staff.get(`${practice.path}/appointments/${second.appointment_id}`);
  assert.equal(body.lane, 0);
  const patient = await layPatient(server);
  assert.deepEqual(refusal(await patient.keyed('/appointments', wish(practice, start))), [409, 'slot_taken']);
  const back = await practice.staff.keyed(path, { state: 'booked', version: 2 });
  assert.deepEqual(refusal(back), [409, 'overlaps']);
});

test('a cancelled appointment comes back while its time is free', async () => {
  const patient = await addPatient();
  const [start] = (await slots(practice)).slice(12);
  const made = await bookFor(practice, patient, start);
  const path = `${practice.path}/appointments/${made.appointment_id}/state`;
  assert.equal((await practice.staff.keyed(path, { state: 'cancelled', version: 1 })).status, 200);
  await untilOffered(practice, start, true);
  const back = await practice.staff.keyed(path, { state: 'booked', version: 2 });
  assert.deepEqual([back.status, back.body?.state, back.body?.version], [200, 'booked', 3], back.text);
  await untilOffered(practice, start, false);
});

test('outside the openings staff are warned, and book when they mean it', async () => {
  const patient = await addPatient();
  const evening = `${week.from}T20:00:00Z`;
  const warned = await practice.staff.keyed(`${practice.path}/appointments`, visitWish(practice, patient, evening));
  assert.deepEqual(refusal(warned), [409, 'outside_openings']);
  const made = await bookFor(practice, patient, evening, { overbook: true });
  assert.equal(made.lane, 0);
});

test('states follow each other as a visit does, each kept with who and when', async () => {
  const patient = await addPatient();
  const [start] = (await slots(practice)).slice(14);
  const made = await bookFor(practice, patient, start);
  const path = `${practice.path}/appointments/${made.appointment_id}`;
  for (const [version, state] of [[1, 'arrived'], [2, 'fulfilled'], [3, 'arrived']]) {
    const marked = await practice.staff.keyed(`${path}/state`, { state, version });
    assert.deepEqual([marked.status, marked.body?.state], [200, state], marked.text);
  }
  const stale = await practice.staff.keyed(`${path}/state`, { state: 'noshow', version: 1 });
  assert.deepEqual([...refusal(stale), stale.body.version], [409, 'stale', 4]);
  const same = await practice.staff.keyed(`${path}/state`, { state: 'arrived', version: 4 });
  assert.deepEqual([...refusal(same), same.body.errors[0].path], [400, 'invalid_request', '/state']);
  const { body } = await practice.staff.get(path);
  assert.deepEqual(body.changes.map((each) => [each.actor_name, each.what, each.from, each.to]), [
    ['Odile Garnier', 'booked', null, made.starts_at],
    ['Odile Garnier', 'state', 'booked', 'arrived'],
    ['Odile Garnier', 'state', 'arrived', 'fulfilled'],
    ['Odile Garnier', 'state', 'fulfilled', 'arrived'],
  ]);
});

test('staff move an appointment, are warned where it overlaps, and repeat without doing it twice', async () => {
  const [one, other] = [await addPatient(), await addPatient()];
  const [start, taken, target] = (await slots(practice)).slice(20);
  const made = await bookFor(practice, one, start);
  await bookFor(practice, other, taken);
  const path = `${practice.path}/appointments/${made.appointment_id}/move`;
  const to = (starts_at, more = {}) => ({ agenda_id: practice.agenda, starts_at, version: 1, ...more });
  assert.deepEqual(refusal(await practice.staff.keyed(path, to(taken))), [409, 'overlaps']);
  const key = randomUUID();
  const moved = await practice.staff.keyed(path, to(target), key);
  assert.deepEqual([moved.status, moved.body?.version], [200, 2], moved.text);
  assert.deepEqual((await practice.staff.keyed(path, to(target), key)).body, moved.body);
  await untilOffered(practice, start, true);
  await untilOffered(practice, target, false);
  const above = await practice.staff.keyed(path, to(taken, { version: 2, overbook: true }));
  assert.deepEqual([above.status, above.body?.lane], [200, 1], above.text);
});

test('what a patient books is in the schedule at once, and open screens hear of it', async () => {
  const [start] = (await slots(practice)).slice(-1);
  const { heard, close } = await listen(server, `${practice.path}/live`, practice.staff);
  await until(async () => heard.some((each) => each.kind === 'hello'), 5, 'no greeting');
  const patient = await layPatient(server, { family_name: 'Petit' });
  const made = await book(practice, patient, start, { note: 'première visite' });
  const hint = await until(async () => heard.find((each) => each.kind === 'schedule_changed' && each.date === start.slice(0, 10)));
  assert.equal(hint.agenda_id, practice.agenda);
  assert.doesNotMatch(JSON.stringify(heard), /Petit/);
  close();
  const shown = (await schedule(practice)).appointments.find((each) => each.appointment_id === made.appointment_id);
  assert.deepEqual([shown.patient_name, shown.booked_by, shown.new_patient, shown.note], ['PETIT Louise', 'patient', true, 'première visite']);
  const { body } = await practice.staff.get(`${practice.path}/appointments/${made.appointment_id}`);
  assert.equal(body.changes[0].actor_name, 'Louise Petit');
});

test('an absence closes time and lists what is booked in it, which stays booked', async () => {
  const patient = await addPatient();
  const [start] = (await slots(practice)).filter((each) => each.startsWith(dayFromNow(11)));
  const made = await bookFor(practice, patient, start);
  const absent = { agenda_id: practice.agenda, starts_at: `${dayFromNow(11)}T00:00:00Z`, ends_at: `${dayFromNow(11)}T23:00:00Z`, reason: 'Formation' };
  const key = randomUUID();
  const added = await practice.staff.keyed(`${practice.path}/absences`, absent, key);
  assert.equal(added.status, 201, added.text);
  assert.deepEqual(added.body.displaced.map((each) => each.appointment_id), [made.appointment_id]);
  assert.equal(added.body.absence.reason, 'Formation');
  assert.deepEqual((await practice.staff.keyed(`${practice.path}/absences`, absent, key)).body, added.body);
  await until(async () => !(await slots(practice)).some((each) => each.startsWith(dayFromNow(11))));
  const shown = await schedule(practice);
  assert.equal(shown.absences.length, 1);
  assert.equal(shown.appointments.find((each) => each.appointment_id === made.appointment_id).state, 'booked');
  const path = `${practice.path}/absences/${added.body.absence.absence_id}`;
  assert.equal((await practice.staff.delete(path)).status, 204);
  assert.deepEqual(refusal(await practice.staff.delete(path)), [404, 'not_found']);
  await until(async () => (await slots(practice)).some((each) => each.startsWith(dayFromNow(11))));
  const backwards = await practice.staff.keyed(`${practice.path}/absences`, { ...absent, ends_at: absent.starts_at });
  assert.deepEqual([...refusal(backwards), backwards.body.errors[0].path], [400, 'invalid_request', '/ends_at']);
});

test('openings are replaced as a whole, from the version that was seen, and offered at once', async () => {
  const own = await layPractice(server);
  const path = `${own.path}/agendas/${own.agenda}/openings`;
  const { body: before } = await own.staff.get(path);
  assert.equal(before.items.length, 7);
  const item = {
    weekday: null, date: dayFromNow(9), start: '14:00', end: '15:00', valid_from: null, valid_until: null,
    motive_ids: [own.motive], audience: 'public', capacity: 1, step_min: 30,
  };
  const replaced = await own.staff.put(path, { schedule_version: before.schedule_version, items: [item] });
  assert.equal(replaced.status, 200, replaced.text);
  assert.equal(replaced.body.schedule_version, before.schedule_version + 1);
  const { opening_id, prefers_neighbours, ...rest } = replaced.body.items[0];
  assert.deepEqual(rest, item);
  assert.equal(prefers_neighbours, false);
  await until(async () => (await slots(own)).length === 2);
  const stale = await own.staff.put(path, { schedule_version: before.schedule_version, items: [] });
  assert.deepEqual([...refusal(stale), stale.body.version], [409, 'stale', before.schedule_version + 1]);
});

test('openings that contradict themselves name each fault', async () => {
  const path = `${practice.path}/agendas/${practice.agenda}/openings`;
  const { body: before } = await practice.staff.get(path);
  const { opening_id, ...item } = before.items[0];
  const items = [
    { ...item, date: week.from },
    { ...item, end: item.start },
    { ...item, motive_ids: [randomUUID()] },
    { ...item, valid_from: week.to, valid_until: week.from },
    { ...item, motive_ids: [] },
  ];
  const refused = await practice.staff.put(path, { schedule_version: before.schedule_version, items });
  assert.deepEqual(
    refused.body.errors.map((each) => `${each.path} ${each.code}`),
    ['/items/0/weekday contradicts', '/items/1/end ends_before_start', '/items/2/motive_ids/0 unknown_value',
      '/items/3/valid_until ends_before_start', '/items/4/motive_ids required'],
  );
  assert.deepEqual((await practice.staff.get(path)).body, before);
});

test('a motive is added, changed and taken from an agenda', async () => {
  const own = await layPractice(server);
  const body = {
    agenda_ids: [own.agenda], label: 'Certificat', duration_min: 12, modality: 'video', admits: 'known',
    earliest_min: 0, latest_days: 30, cancel_min: 60, tint: 3, sign: 'C', instructions: '', public: false,
  };
  const added = await own.staff.post(`${own.path}/motives`, body);
  assert.equal(added.status, 201, added.text);
  const { motive_id, repeatable, ...same } = added.body;
  assert.deepEqual(same, body);
  assert.equal(repeatable, false);
  const names = async () => (await own.staff.get(`${own.path}/agendas`)).body.items[0].motives.map((each) => each.label);
  assert.deepEqual(await names(), ['Certificat', 'Suivi de pneumologie']);
  const changed = await own.staff.put(`${own.path}/motives/${motive_id}`, { ...body, label: 'Certificat de sport' });
  assert.equal(changed.status, 200, changed.text);
  assert.deepEqual(await names(), ['Certificat de sport', 'Suivi de pneumologie']);
  await own.staff.put(`${own.path}/motives/${motive_id}`, { ...body, agenda_ids: [] });
  assert.deepEqual(await names(), ['Suivi de pneumologie']);
  const unknown = await own.staff.put(`${own.path}/motives/${randomUUID()}`, body);
  assert.deepEqual(refusal(unknown), [404, 'not_found']);
  const { public: dropped, ...lacking } = body;
  const refused = await own.staff.post(`${own.path}/motives`, { ...lacking, duration_min: 4 });
  assert.deepEqual(refused.body.errors.map((each) => `${each.path} ${each.code}`), ['/public required', '/duration_min too_small']);
});

test('another practice answers as one that does not exist', async () => {
  const own = await layPractice(server);
  const stranger = await layMember(own, 'practitioner');
  const patient = await addPatient();
  const [start] = (await slots(practice)).slice(30);
  const made = await bookFor(practice, patient, start);
  const version = 1;
  for (const answer of [
    await stranger.get(`${practice.path}/agendas`),
    await stranger.get(`${practice.path}/schedule?from=${week.from}&to=${week.to}`),
    await stranger.get(`${own.path}/appointments/${made.appointment_id}`),
    await stranger.keyed(`${own.path}/appointments/${made.appointment_id}/state`, { state: 'cancelled', version }),
    await stranger.keyed(`${own.path}/appointments/${made.appointment_id}/move`, { agenda_id: own.agenda, starts_at: start, version }),
    await stranger.keyed(`${own.path}/appointments`, visitWish(own, patient, start)),
    await stranger.keyed(`${own.path}/appointments`, visitWish(practice, patient, start, { overbook: true })),
    await stranger.keyed(`${own.path}/absences`, { agenda_id: practice.agenda, starts_at: start, ends_at: `${dayFromNow(20)}T09:00:00Z` }),
    await stranger.get(`${own.path}/agendas/${practice.agenda}/openings`),
    await stranger.put(`${own.path}/agendas/${practice.agenda}/openings`, { schedule_version: 1, items: [] }),
    await stranger.put(`${own.path}/motives/${practice.motive}`, {
      agenda_ids: [], label: 'x', duration_min: 20, modality: 'video', admits: 'both', earliest_min: 0, latest_days: 30,
      cancel_min: 60, tint: 3, sign: '', instructions: '', public: false,
    }),
  ]) assert.deepEqual(refusal(answer), [404, 'not_found'], answer.text);
  await assert.rejects(listen(server, `${practice.path}/live`, stranger), /404/);
  const { body } = await stranger.get(`${own.path}/schedule?from=${week.from}&to=${week.to}&agendas=${practice.agenda}`);
  assert.deepEqual(body, { appointments: [], absences: [], openings: [] });
});

test('a schedule is asked for 42 days at most, by dates and agendas that exist', async () => {
  const ask = async (query) => {
    const { status, body } = await practice.staff.get(`${practice.path}/schedule?${query}`);
    return [status, body.errors?.[0]?.path];
  };
  assert.deepEqual(await ask(`from=${week.from}`), [400, '/to']);
  assert.deepEqual(await ask(`from=${week.from}&to=${dayFromNow(7 + 42)}`), [400, '/to']);
  assert.deepEqual(await ask(`from=${week.from}&to=${dayFromNow(7 + 41)}`), [200, undefined]);
  assert.deepEqual(await ask(`from=${week.from}&to=${week.to}&agendas=x`), [400, '/agendas']);
  assert.equal((await new Client(server.base).get(`${practice.path}/agendas`)).status, 401);
});
