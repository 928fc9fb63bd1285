// What devices say they hold, against what is stored: a revision that is gone, whose digest was changed or whose text no
// longer opens is named by the next report, in one incident; and nobody can make a storm of it.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { randomBytes, randomUUID } from 'node:crypto';
import { Server } from '../support/server.mjs';
import { addPatient, layPractice, openConsultation, save } from './record_world.mjs';

const server = new Server();
let practice, other, patient, consultation, held;
const device_id = randomUUID();
before(async () => {
  await server.start();
  practice = await layPractice(server, 'Cabinet');
  other = await layPractice(server, 'Autre cabinet');
});
after(() => server.stop());

/** A consultation with two texts, and what its device holds of it. */
beforeEach(async () => {
  ({ patient_id: patient } = await addPatient(practice));
  consultation = (await openConsultation(practice, patient)).consultation_id;
  held = await keep(practice, 'consultation', consultation, { motif: 'Toux', examen: 'RAS 🩺' });
});

async function keep(by, kind, id, texts) {
  const { status, body, text } = await save(by, kind, id, texts);
  assert.equal(status, 201, text);
  return body.fields.map(({ revision_id, digest }) => ({ revision_id, digest }));
}

const report = (revisions, { by = practice, role = 'practitioner', more = {} } = {}) =>
  by.people[role].client.post(`${by.path}/device-reports`, { device_id, sent_at: new Date().toISOString(), revisions, ...more });

/** Damage that no role of the program could do: by the cluster's owner, with the guards off. */
const damage = (statement) => server.psql(`SET row_security = off; SET session_replication_role = replica; ${statement}`);
const incidents = () => server.sql(`SELECT i.*, (SELECT json_agg(e ORDER BY e.at) FROM manent.incident_event e
  WHERE e.incident_id = i.incident_id) AS events FROM manent.incident_state i ORDER BY recorded_at`);
const the = async (incident_id) => (await incidents()).find((each) => each.incident_id === incident_id);
const v7 = () => randomUUID().replace(/^(.{14})4/, '$17');
const digest = () => randomBytes(32).toString('base64url');

test('what is as it was acknowledged makes no incident and leaves no trace of a reader', async () => {
  const seen = await server.sql('SELECT count(*)::int AS n FROM manent.access_event');
  const ownTexts = await keep(practice, 'patient', patient, { allergies: 'pénicilline' });
  const { status, body } = await report([...held, ...ownTexts]);
  assert.equal(status, 200);
  assert.deepEqual(body, { compared: 3, missing: [], different: [], incident_id: null });
  assert.deepEqual(await incidents(), []);
  // Opening a text to take its digest shows it to nobody; saving the patient's own text did leave an event.
  const written = await server.sql(`SELECT count(*)::int AS n FROM manent.access_event WHERE action = 'read'`);
  assert.ok(written[0].n <= seen[0].n);
});

test('an empty report is answered', async () => {
  assert.deepEqual((await report([])).body, { compared: 0, missing: [], different: [], incident_id: null });
});

test('a deleted revision is missing, and the evidence says that it was acknowledged, to whom and on which device', async () => {
  const [gone, kept] = held;
  await damage(`DELETE FROM manent.revision WHERE revision_id = '${gone.revision_id}'`);
  const { body } = await report(held);
  assert.deepEqual([body.missing, body.different], [[gone.revision_id], []]);
  const found = await the(body.incident_id);
  assert.deepEqual([found.promise, found.detector, found.practice_id, found.ended_at], ['I1', 'device_report', practice.id, null]);
  const [{ evidence, actor, revisions }] = found.events;
  assert.deepEqual(evidence.missing, [{ revision_id: gone.revision_id, digest: gone.digest, acknowledged: true }]);
  assert.deepEqual([evidence.device_id, evidence.account_id, actor], [device_id, practice.people.practitioner.id, practice.people.practitioner.id]);
  assert.deepEqual(revisions, [gone.revision_id]);
  assert.ok(!JSON.stringify(found).includes('Toux') && !JSON.stringify(found).includes(kept.digest));
  assert.match(server.log, /"event":"incident_opened"/);
});

for (const [name, change, why] of [
  ['whose digest was changed', 'digest = set_byte(digest, 0, get_byte(digest, 0) # 1)', 'digest_changed'],
  ['whose sealed bytes were changed', 'sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1)', 'text_does_not_open'],
  ['moved from another field', `sealed = (SELECT sealed FROM manent.revision WHERE revision_id = 'OTHER')`, 'text_does_not_open'],
  ['whose salt was changed', 'salt = set_byte(salt, 0, get_byte(salt, 0) # 1)', 'text_changed'],
])
  test(`a revision ${name} is different, and named with its consultation`, async () => {
    const [{ revision_id, digest: known }, neighbour] = held;
    await damage(`UPDATE manent.revision SET ${change.replace('OTHER', neighbour.revision_id)} WHERE revision_id = '${revision_id}'`);
    const { body } = await report(held);
    assert.deepEqual([body.missing, body.different], [[], [revision_id]]);
    const found = await the(body.incident_id);
    assert.deepEqual([found.promise, found.practice_id], ['I2', practice.id]);
    const named = found.events.flatMap((each) => each.evidence.different ?? []).find((each) => each.revision_id === revision_id);
    assert.deepEqual(named, { revision_id, digest: known, why, consultation_id: consultation });
  });

test('the same loss, reported again and by others, stays one incident; a further loss is added to it', async () => {
  const [first, second] = held;
  await damage(`DELETE FROM manent.revision WHERE revision_id = '${first.revision_id}'`);
  const { body } = await report(held);
  const before_ = (await the(body.incident_id)).events.length;
  assert.equal((await report(held)).body.incident_id, body.incident_id);
  assert.equal((await report(held, { role: 'secretary' })).body.incident_id, body.incident_id);
  assert.equal((await the(body.incident_id)).events.length, before_);
  await damage(`DELETE FROM manent.revision WHERE revision_id = '${second.revision_id}'`);
  assert.equal((await report(held)).body.incident_id, body.incident_id);
  const { events } = await the(body.incident_id);
  assert.equal(events.length, before_ + 1);
  assert.deepEqual(events.at(-1).revisions.toSorted(), [first.revision_id, second.revision_id].toSorted());
});

test('another practice’s revision is missing here, the same as one that never was', async () => {
  const { body } = await report([held[0], { revision_id: v7(), digest: digest() }], { by: other });
  assert.equal(body.missing.length, 2);
  const found = await the(body.incident_id);
  assert.equal(found.practice_id, other.id);
  assert.deepEqual(found.events[0].evidence.missing.map((each) => each.acknowledged), [false, false]);
  assert.equal((await report(held, { by: { ...other, path: practice.path } })).status, 404);
});

test('an identifier that this program never makes is answered as missing and makes no incident', async () => {
  const before_ = (await incidents()).length;
  const third = await layPractice(server, 'Troisième');
  const { body } = await report([{ revision_id: randomUUID(), digest: digest() }], { by: third });
  assert.deepEqual([body.missing.length, body.incident_id], [1, null]);
  assert.equal((await incidents()).length, before_);
});

test('one account’s claims are bounded: ten pieces of evidence, then only answers, and others are still heard', async () => {
  const fourth = await layPractice(server, 'Quatrième');
  let incident_id;
  for (let i = 0; i < 15; ++i) ({ body: { incident_id } } = await report([{ revision_id: v7(), digest: digest() }], { by: fourth }));
  assert.equal((await the(incident_id)).events.length, 10);
  await report([{ revision_id: v7(), digest: digest() }], { by: fourth, role: 'secretary' });
  assert.equal((await the(incident_id)).events.length, 11);
  assert.equal((await incidents()).filter((each) => each.practice_id === fourth.id).length, 1);
});

test('an account that reports without pause is told to wait, and another is not', async () => {
  const fifth = await layPractice(server, 'Cinquième');
  const answers = [];
  for (let i = 0; i < 80; ++i) answers.push(await report([], { by: fifth }));
  const refused = answers.find((each) => each.status === 429);
  assert.ok(refused, 'never told to wait');
  assert.equal(refused.body.code, 'too_many_reports');
  assert.ok(Number(refused.headers.get('retry-after')) >= 1);
  assert.equal((await report([], { by: fifth, role: 'secretary' })).status, 200);
});

test('bad input is refused by its field, and a thousand revisions are the most', async () => {
  const one = held[0];
  for (const [revisions, path, code] of [
    [[{ ...one, digest: 'x'.repeat(42) }], '/revisions/0/digest', 'too_short'],
    [[one, { ...one, digest: '!'.repeat(43) }], '/revisions/1/digest', 'not_a_digest'],
    [[{ ...one, revision_id: 'x' }], '/revisions/0/revision_id', 'not_a_uuid'],
    [Array.from({ length: 1001 }, () => one), '/revisions', 'too_many_items'],
  ]) {
    const { status, body } = await report(revisions, { role: 'secretary' });
    assert.equal(status, 400);
    assert.deepEqual([body.errors[0].path, body.errors[0].code], [path, code]);
  }
  const most = Array.from({ length: 1000 }, () => one);
  const { body } = await report(most, { role: 'secretary' });
  assert.deepEqual([body.compared, body.missing, body.different], [1000, [], []]);
});

test('a session that ends between the gate and the comparison is asked to sign in, and nothing is called missing', async () => {
  const sixth = await layPractice(server, 'Sixième');
  assert.equal((await report([], { by: sixth })).status, 200);
  // The gate remembers the session for three seconds; row security does not.
  await server.psql(`UPDATE manent.session SET revoked_at = now() WHERE person_id = '${sixth.people.practitioner.id}'`);
  assert.equal((await report([{ revision_id: v7(), digest: digest() }], { by: sixth })).status, 401);
  assert.ok((await incidents()).every((each) => each.practice_id !== sixth.id));
});

test('nobody reports without being a member who is signed in', async () => {
  practice.people.nobody = { client: new (practice.client.constructor)(server.base) };
  assert.equal((await report(held, { role: 'nobody' })).status, 401);
});
