// Patients' files over HTTP: made, corrected, found again, never doubled unseen, never seen from another practice.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Client, Server, until } from '../support/server.mjs';
import { addPatient, layAppointment, layPractice, openConsultation } from './record_world.mjs';

const server = new Server();
let here;
let elsewhere;
before(async () => {
  await server.start();
  here = await layPractice(server, 'Cabinet du Pin');
  elsewhere = await layPractice(server, 'Cabinet du Lac');
});
after(() => server.stop());

const whole = {
  birth_name: 'Œuvré-Müller', used_name: 'Le Goff', given_names: 'Éléonore Marie', birth_date: '1985-05-04', sex: 'female',
  birth_place: 'Agen', phone: '+33 6 12 34 56 78', email: 'eleonore@exemple.fr',
  address: { lines: ['1 rue Mme Delmas'], postal_code: '47000', city: 'Agen' },
};
const search = async (words, practice = here) =>
  (await practice.client.get(`${practice.path}/patients?q=${encodeURIComponent(words)}`)).body.items;

test('a new file comes back as it was typed, and again under the same key', async () => {
  const key = randomUUID();
  const made = await here.client.keyed(`${here.path}/patients`, whole, key);
  assert.equal(made.status, 201, made.text);
  const { patient_id, version, ...identity } = made.body;
  assert.deepEqual(identity, whole);
  assert.equal(version, 1);
  assert.deepEqual((await here.client.get(`${here.path}/patients/${patient_id}`)).body, made.body);
  const again = await here.client.keyed(`${here.path}/patients`, whole, key);
  assert.deepEqual([again.status, again.body], [201, made.body]);
  const other = await here.client.keyed(`${here.path}/patients`, { ...whole, given_names: 'Ève' }, key);
  assert.deepEqual([other.status, other.body.code], [422, 'key_reused']);
});

test('a file that may be there already is shown before another is made', async () => {
  const typed = { birth_name: 'Le Goff', given_names: 'eleonore', birth_date: '1985-05-04', sex: 'female' };
  const asked = await here.client.keyed(`${here.path}/patients`, typed);
  assert.equal(asked.status, 409);
  assert.equal(asked.body.code, 'possible_duplicate');
  assert.equal(asked.body.candidates[0].birth_name, 'Œuvré-Müller');
  const day = await here.client.keyed(`${here.path}/patients`, { ...typed, birth_date: '1985-04-05' });
  assert.equal(day.body.code, 'possible_duplicate');
  const confirmed = await here.client.keyed(`${here.path}/patients`, { ...typed, confirm_new: true });
  assert.equal(confirmed.status, 201);
  const unlike = await here.client.keyed(`${here.path}/patients`, { ...typed, birth_date: '1991-11-28' });
  assert.equal(unlike.status, 201);
});

test('files are found by any name, birth date or telephone, whatever the accents', async () => {
  for (const words of ['oe', 'ŒUVRE', 'muller', 'goff', 'el mu', '04/05/1985', '1985-05-04', '04/05', '0612345678', '06 12 34', 'muller 04/05/1985']) {
    const found = await search(words);
    assert.ok(found.some((each) => each.birth_name === 'Œuvré-Müller'), words);
  }
  for (const words of ['xu', 'ller', '05/05/1985', '31/02/1985', '06 99', 'goff%zz', 'o_f'])
    assert.equal((await search(words)).length, 0, words);
});

test('a found patient shows the next appointment and the last consultation', async () => {
  const patient = await addPatient(here, { birth_name: 'Zimmermann' });
  await layAppointment(server, here, patient.patient_id);
  assert.deepEqual((await search('zimm'))[0].last_seen, null);
  await openConsultation(here, patient.patient_id);
  const [found] = await search('zimm');
  assert.match(found.next_appointment, /^2027-03-01T\d\d:00:00\+01:00$/);
  assert.match(found.last_seen, /^\d{4}-\d\d-\d\d$/);
});

test('a correction keeps every state, and one based on an older state is refused', async () => {
  const patient = await addPatient(here);
  const { patient_id, version, ...identity } = patient;
  const path = `${here.path}/patients/${patient_id}`;
  const corrected = { ...identity, given_names: 'Louise Anne', phone: '0553000000', version };
  const put = await here.client.put(path, corrected);
  assert.equal(put.status, 200, put.text);
  assert.deepEqual(put.body, { ...patient, given_names: 'Louise Anne', phone: '0553000000', version: 2 });
  const late = await here.client.put(path, { ...identity, version: 1 });
  assert.deepEqual([late.status, late.body.code, late.body.version], [409, 'stale', 2]);
  const states = await server.sql(`SELECT version, identity->>'given_names' AS given, identity ? 'wrapped_key' AS leaks
    FROM manent.patient_change WHERE patient_id = '${patient_id}' ORDER BY version`);
  assert.deepEqual(states.map((each) => [each.version, each.given, each.leaks]), [[1, 'Louise', false], [2, 'Louise Anne', false]]);
  assert.equal((await search('louise ann')).length, 1);
});

test('every refused field is named at once, in the language of the reader', async () => {
  const client = here.people.secretary.client;
  client.language = 'en';
  const answer = await client.keyed(`${here.path}/patients`, { birth_name: ' ', given_names: 'x'.repeat(201), birth_date: '1985-02-30', sex: 'x', colour: 1 });
  assert.equal(answer.status, 400);
  assert.equal(answer.body.code, 'invalid_request');
  assert.deepEqual(answer.body.errors.map((each) => [each.path, each.code]), [
    ['/birth_name', 'required'], ['/given_names', 'too_long'], ['/birth_date', 'not_a_date'], ['/sex', 'unknown_value'], ['/colour', 'unknown_field']]);
  const future = await client.keyed(`${here.path}/patients`, { birth_name: 'A', given_names: 'B', birth_date: '2999-01-01', sex: 'female' });
  assert.deepEqual(future.body.errors.map((each) => [each.path, each.code]), [['/birth_date', 'in_the_future']]);
  for (const each of [...answer.body.errors, ...future.body.errors]) assert.match(each.detail, / /, each.code);
});

test('another practice answers as if there were nothing', async () => {
  const patient = await addPatient(here);
  const foreign = await addPatient(elsewhere);
  const nothing = { status: 404, code: 'not_found' };
  const ask = async (answer) => ({ status: (await answer).status, code: (await answer).body.code });
  const { patient_id, ...identity } = foreign;
  for (const path of [`/patients/${patient_id}`, `/patients/${patient_id}/record`, `/patients/${randomUUID()}`, '/patients/nobody'])
    assert.deepEqual(await ask(here.client.get(here.path + path)), nothing, path);
  assert.deepEqual(await ask(here.client.put(`${here.path}/patients/${patient_id}`, identity)), nothing);
  assert.deepEqual(await ask(here.client.get(`${elsewhere.path}/patients/${patient_id}`)), nothing);
  assert.deepEqual(await ask(here.client.get(`${elsewhere.path}/patients?q=pa`)), nothing);
  assert.equal((await search('patient', elsewhere)).some((each) => each.patient_id === patient.patient_id), false);
  assert.equal((await new Client(server.base).get(`${here.path}/patients?q=pa`)).status, 401);
});

test('whoever reads or writes a file leaves an access event', async () => {
  const patient = await addPatient(here);
  await here.people.secretary.client.get(`${here.path}/patients/${patient.patient_id}`);
  await here.client.get(`${here.path}/patients/${patient.patient_id}/record`);
  const { practitioner, secretary } = here.people;
  const expected = [[practitioner, 'write', 'patient'], [secretary, 'read', 'patient'], [practitioner, 'read', 'record']];
  await until(async () => {
    const rows = await server.sql(`SELECT actor, action, what FROM manent.access_event WHERE patient_id = '${patient.patient_id}'`);
    return expected.every(([who, action, what]) => rows.some((each) => each.actor === who.id && each.action === action && each.what === what));
  });
});
