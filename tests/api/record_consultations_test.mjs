// A consultation's life: opened once, closed on what was seen, completed by addenda, retracted and filed again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Server } from '../support/server.mjs';
import { addPatient, baseOf, digestOf, layAppointment, layPractice, openConsultation, save } from './record_world.mjs';

const server = new Server();
let here;
let elsewhere;
before(async () => {
  await server.start();
  here = await layPractice(server, 'Cabinet du Pin');
  elsewhere = await layPractice(server, 'Cabinet du Lac');
});
after(() => server.stop());

const at = (id, act = '') => `${here.path}/consultations/${id}${act}`;
const read = async (id) => (await here.client.get(at(id))).body;
const file = async (patient, query = '') => (await here.client.get(`${here.path}/patients/${patient.patient_id}/record${query}`)).body;
const head = (receipt, field) => baseOf(receipt.body, field).revision_id;
const texts = (view) => Object.fromEntries(Object.entries(view.fields).map(([field, { heads }]) => [field, heads.map((each) => each.text)]));

test('one act opens a consultation without an appointment, and its repetition finds it', async () => {
  const patient = await addPatient(here);
  const wish = { consultation_id: randomUUID(), patient_id: patient.patient_id, kind: 'phone' };
  const key = randomUUID();
  const opened = await here.client.keyed(`${here.path}/consultations`, wish, key);
  assert.equal(opened.status, 201, opened.text);
  const { consultation_id, kind, state, closed_at, appointment, retraction, addenda } = opened.body;
  assert.deepEqual({ consultation_id, kind, state, closed_at, appointment, retraction, addenda },
    { consultation_id: wish.consultation_id, kind: 'phone', state: 'open', closed_at: null, appointment: null, retraction: null, addenda: [] });
  assert.deepEqual(opened.body.patient, patient);
  assert.equal(opened.body.practitioner_name, 'Anne practitioner');
  assert.deepEqual(texts(opened.body), { motif: [], interrogatoire: [], examen: [], conclusion: [] });
  const again = await here.client.keyed(`${here.path}/consultations`, wish, key);
  assert.deepEqual([again.status, again.body], [201, opened.body]);
  const fresh = await here.client.keyed(`${here.path}/consultations`, wish);
  assert.deepEqual([fresh.status, fresh.body.consultation_id], [201, consultation_id]);
  const taken = await here.client.keyed(`${here.path}/consultations`, { ...wish, patient_id: (await addPatient(here)).patient_id });
  assert.deepEqual([taken.status, taken.body.code], [409, 'already_exists']);
});

test('an appointment has one consultation, however many open it at once', async () => {
  const patient = await addPatient(here);
  const appointment_id = await layAppointment(server, here, patient.patient_id);
  const wish = () => ({ consultation_id: randomUUID(), patient_id: patient.patient_id, appointment_id, kind: 'in_practice' });
  const answers = await Promise.all(Array.from({ length: 8 }, () => here.client.keyed(`${here.path}/consultations`, wish())));
  assert.deepEqual(answers.map((each) => each.status).sort(), [200, 200, 200, 200, 200, 200, 200, 201]);
  const ids = new Set(answers.map((each) => each.body.consultation_id));
  assert.equal(ids.size, 1);
  const [id] = ids;
  const seen = await read(id);
  assert.deepEqual([seen.appointment.appointment_id, seen.appointment.consultation_id], [appointment_id, id]);
  const { appointments } = await file(patient);
  assert.deepEqual(appointments.map((each) => [each.appointment_id, each.consultation_id]), [[appointment_id, id]]);
});

test('an appointment of somebody else, or of another practice, opens nothing', async () => {
  const patient = await addPatient(here);
  const foreign = await addPatient(elsewhere);
  const others = await layAppointment(server, here, (await addPatient(here)).patient_id);
  const theirs = await layAppointment(server, elsewhere, foreign.patient_id);
  const ask = async (more) => {
    const wish = { consultation_id: randomUUID(), patient_id: patient.patient_id, kind: 'in_practice', ...more };
    const { status, body } = await here.client.keyed(`${here.path}/consultations`, wish);
    return [status, body.code];
  };
  assert.deepEqual(await ask({ appointment_id: others }), [409, 'other_patient']);
  assert.deepEqual(await ask({ appointment_id: theirs }), [404, 'not_found']);
  assert.deepEqual(await ask({ appointment_id: randomUUID() }), [404, 'not_found']);
  assert.deepEqual(await ask({ patient_id: foreign.patient_id }), [404, 'not_found']);
  const { consultation_id } = await openConsultation(elsewhere, foreign.patient_id);
  for (const [method, act, body] of [['get', ''], ['keyed', '/close', { heads: {} }], ['keyed', '/retract', { reason: 'x' }]]) {
    const answer = await here.client[method](at(consultation_id, act), body);
    assert.deepEqual([answer.status, answer.body.code], [404, 'not_found'], act);
  }
});

test('closing names what was seen, and is refused with the difference', async () => {
  const patient = await addPatient(here);
  const { consultation_id: id } = await openConsultation(here, patient.patient_id);
  const first = await save(here, 'consultation', id, { motif: 'Toux', conclusion: 'Rhume' });
  const seen = { motif: head(first, 'motif'), conclusion: head(first, 'conclusion') };
  const later = await save(here, 'consultation', id, [{ field: 'motif', text: 'Toux grasse', bases: [baseOf(first.body, 'motif')] }]);
  const refused = await here.client.keyed(at(id, '/close'), { heads: { ...seen, examen: null } });
  assert.deepEqual([refused.status, refused.body.code], [409, 'heads_differ']);
  assert.deepEqual(refused.body.differences, [{ field: 'motif', seen: seen.motif, heads: [head(later, 'motif')] }]);
  assert.equal((await read(id)).state, 'open');
  const unseen = await here.client.keyed(at(id, '/close'), { heads: { motif: head(later, 'motif') } });
  assert.deepEqual(unseen.body.differences.map((each) => each.field), ['conclusion']);

  const key = randomUUID();
  const right = { heads: { motif: head(later, 'motif'), interrogatoire: null, examen: null, conclusion: seen.conclusion } };
  const closed = await here.client.keyed(at(id, '/close'), right, key);
  assert.equal(closed.status, 200, closed.text);
  assert.equal(closed.body.state, 'closed');
  assert.ok(closed.body.closed_at);
  const again = await here.client.keyed(at(id, '/close'), right, key);
  assert.deepEqual([again.status, again.body], [200, closed.body]);
  const twice = await here.client.keyed(at(id, '/close'), right);
  assert.deepEqual([twice.status, twice.body.code], [409, 'closed']);
});

test('two heads cannot be closed upon', async () => {
  const { consultation_id: id } = await openConsultation(here, (await addPatient(here)).patient_id);
  const one = await save(here, 'consultation', id, { motif: 'a' });
  const two = await save(here, 'consultation', id, { motif: 'b' });
  const { body } = await here.client.keyed(at(id, '/close'), { heads: { motif: head(two, 'motif') } });
  assert.deepEqual(body.differences, [{ field: 'motif', seen: head(two, 'motif'), heads: [head(one, 'motif'), head(two, 'motif')] }]);
});

test('a text after the closing is a dated addendum and changes nothing of what was closed', async () => {
  const patient = await addPatient(here);
  const { consultation_id: id } = await openConsultation(here, patient.patient_id);
  const first = await save(here, 'consultation', id, { conclusion: 'Angine' });
  await here.client.keyed(at(id, '/close'), { heads: { conclusion: head(first, 'conclusion') } });
  const typing = await save(here, 'consultation', id, [{ field: 'conclusion', text: 'Culture', bases: [baseOf(first.body, 'conclusion')] }]);
  assert.equal(typing.status, 201);
  assert.deepEqual([typing.body.fields[0].addendum, typing.body.fields[0].heads], [true, [head(typing, 'conclusion')]]);
  const typed = await save(here, 'consultation', id, [{ field: 'conclusion', text: 'Culture positive', bases: [baseOf(typing.body, 'conclusion')] }]);
  const late = await save(here, 'consultation', id, { conclusion: 'Écrit hors ligne', motif: 'Fièvre' });
  assert.deepEqual(late.body.fields.map((each) => each.addendum), [true, true]);
  const seen = await read(id);
  assert.deepEqual(texts(seen), { motif: [], interrogatoire: [], examen: [], conclusion: ['Angine'] });
  assert.deepEqual(seen.addenda.map((each) => [each.field, each.text]),
    [['conclusion', 'Culture positive'], ['conclusion', 'Écrit hors ligne'], ['motif', 'Fièvre']]);
  assert.equal(seen.addenda[0].recorded_at, typed.body.recorded_at);
  assert.equal((await file(patient)).consultations[0].summary, 'Angine');
});

test('closing and saving at the same moment leave every text either closed upon or added', async () => {
  for (let round = 0; round < 10; round += 1) {
    const { consultation_id: id } = await openConsultation(here, (await addPatient(here)).patient_id);
    const first = await save(here, 'consultation', id, { motif: 'avant' });
    const [closed, late] = await Promise.all([
      here.client.keyed(at(id, '/close'), { heads: { motif: head(first, 'motif') } }),
      save(here, 'consultation', id, [{ field: 'motif', text: 'après', bases: [baseOf(first.body, 'motif')] }]),
    ]);
    assert.equal(late.status, 201);
    const seen = await read(id);
    if (closed.status === 200) {
      assert.deepEqual([seen.fields.motif.heads[0].text, late.body.fields[0].addendum], ['avant', true]);
      assert.deepEqual(seen.addenda.map((each) => each.text), ['après']);
    } else {
      assert.equal(closed.body.code, 'heads_differ');
      assert.deepEqual([seen.state, seen.fields.motif.heads[0].text, late.body.fields[0].addendum], ['open', 'après', false]);
    }
  }
});

test('a note in the wrong file is marked, hidden, and filed in the right one in the same act', async () => {
  const wrong = await addPatient(here);
  const right = await addPatient(here);
  const { consultation_id: id } = await openConsultation(here, wrong.patient_id, { kind: 'home' });
  const first = await save(here, 'consultation', id, { motif: 'Douleur', examen: 'a' });
  await save(here, 'consultation', id, { examen: 'b' });
  const key = randomUUID();
  const wish = { reason: 'Dossier d’un homonyme', refile_patient_id: right.patient_id };
  const { status, body } = await here.client.keyed(at(id, '/retract'), wish, key);
  assert.equal(status, 200, JSON.stringify(body));
  assert.equal(body.consultation.state, 'retracted');
  assert.deepEqual([body.consultation.retraction.reason, body.consultation.retraction.by, body.consultation.retraction.refiled_as],
    [wish.reason, 'Anne practitioner', body.refiled_as]);

  assert.deepEqual((await file(wrong)).consultations, []);
  assert.deepEqual((await file(wrong, '?retracted=true')).consultations.map((each) => each.state), ['retracted']);
  const [line] = (await file(right)).consultations;
  assert.deepEqual([line.consultation_id, line.kind, line.opened_at, line.summary], [body.refiled_as, 'home', body.consultation.opened_at, 'Douleur']);
  const copy = await read(body.refiled_as);
  assert.equal(copy.patient.patient_id, right.patient_id);
  assert.deepEqual(texts(copy), { motif: ['Douleur'], interrogatoire: [], examen: ['a', 'b'], conclusion: [] });
  for (const { heads } of Object.values(copy.fields))
    for (const each of heads) assert.equal(each.digest, digestOf(each.salt, each.text));
  assert.notEqual(copy.fields.motif.heads[0].revision_id, head(first, 'motif'));
  assert.deepEqual(texts(await read(id)), texts(copy), 'the retracted one keeps its text for whoever asks for it');

  const again = await here.client.keyed(at(id, '/retract'), wish, key);
  assert.deepEqual([again.status, again.body], [200, body]);
  const twice = await here.client.keyed(at(id, '/retract'), wish);
  assert.deepEqual([twice.status, twice.body.code], [409, 'retracted']);
  const closing = await here.client.keyed(at(id, '/close'), { heads: {} });
  assert.deepEqual([closing.status, closing.body.code], [409, 'retracted']);
  assert.equal((await file(right)).consultations.length, 1);
});

test('a closed consultation is filed again as it stood, with its addenda', async () => {
  const wrong = await addPatient(here);
  const right = await addPatient(here);
  const { consultation_id: id } = await openConsultation(here, wrong.patient_id);
  const first = await save(here, 'consultation', id, { conclusion: 'Otite' });
  const closed = await here.client.keyed(at(id, '/close'), { heads: { conclusion: head(first, 'conclusion') } });
  await save(here, 'consultation', id, [{ field: 'conclusion', text: 'Revu', bases: [baseOf(first.body, 'conclusion')] }]);
  const { body } = await here.client.keyed(at(id, '/retract'), { reason: 'Erreur', refile_patient_id: right.patient_id });
  const copy = await read(body.refiled_as);
  assert.deepEqual([copy.state, copy.closed_at], ['closed', closed.body.closed_at]);
  assert.deepEqual(texts(copy).conclusion, ['Otite']);
  assert.deepEqual(copy.addenda.map((each) => each.text), ['Revu']);
});

test('a text for a retracted consultation is kept, and the receipt says where', async () => {
  const { consultation_id: id } = await openConsultation(here, (await addPatient(here)).patient_id);
  await here.client.keyed(at(id, '/retract'), { reason: 'Ouverte par erreur' });
  const { status, body } = await save(here, 'consultation', id, { motif: 'arrivé trop tard' });
  assert.deepEqual([status, body.retracted], [201, true]);
  assert.deepEqual(texts(await read(id)).motif, ['arrivé trop tard']);
});

test('after a retraction the appointment can be opened again', async () => {
  const patient = await addPatient(here);
  const appointment_id = await layAppointment(server, here, patient.patient_id);
  const { consultation_id: id } = await openConsultation(here, patient.patient_id, { appointment_id });
  await here.client.keyed(at(id, '/retract'), { reason: 'Mauvais patient' });
  assert.equal((await file(patient)).appointments[0].consultation_id, null);
  const answers = await Promise.all([1, 2, 3].map(() => openConsultation(here, patient.patient_id, { appointment_id })));
  assert.equal(new Set(answers.map((each) => each.consultation_id)).size, 1);
  assert.notEqual(answers[0].consultation_id, id);
  const { appointments } = await file(patient);
  assert.deepEqual(appointments.map((each) => each.consultation_id), [answers[0].consultation_id]);
});

test('nothing is filed in the file that it comes from, nor in one of another practice', async () => {
  const patient = await addPatient(here);
  const foreign = await addPatient(elsewhere);
  const { consultation_id: id } = await openConsultation(here, patient.patient_id);
  const same = await here.client.keyed(at(id, '/retract'), { reason: 'x', refile_patient_id: patient.patient_id });
  assert.deepEqual(same.body.errors.map((each) => [each.path, each.code]), [['/refile_patient_id', 'same_patient']]);
  const other = await here.client.keyed(at(id, '/retract'), { reason: 'x', refile_patient_id: foreign.patient_id });
  assert.deepEqual([other.status, other.body.code], [404, 'not_found']);
  assert.equal((await read(id)).state, 'open');
});

test('a save during a retraction is in the copy, or kept where it was sent', async () => {
  for (let round = 0; round < 8; round += 1) {
    const right = await addPatient(here);
    const { consultation_id: id } = await openConsultation(here, (await addPatient(here)).patient_id);
    await save(here, 'consultation', id, { motif: 'avant' });
    const [retracted, late] = await Promise.all([
      here.client.keyed(at(id, '/retract'), { reason: 'x', refile_patient_id: right.patient_id }),
      save(here, 'consultation', id, { examen: 'pendant' }),
    ]);
    assert.deepEqual([retracted.status, late.status], [200, 201]);
    const copied = texts(await read(retracted.body.refiled_as)).examen;
    assert.deepEqual(copied, late.body.retracted ? [] : ['pendant']);
    assert.deepEqual(texts(await read(id)).examen, ['pendant']);
  }
});
