// Who runs the installation, and what they and the practices are told of a broken promise: a letter at its beginning and
// at its end, a list with the evidence, a figure; each sees what concerns them and nothing else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Client, Server, until } from '../support/server.mjs';
import { SmtpServer, readable } from '../support/smtp.mjs';
import { addPatient, layPractice, openConsultation, save } from './record_world.mjs';

const smtp = new SmtpServer();
let server, operator, practice, other;
before(async () => {
  await smtp.start();
  server = await new Server({ environment: { MANENT_MAIL_SERVER: smtp.url } }).start();
  practice = await layPractice(server, 'Cabinet', ['practitioner', 'secretary', 'administrator']);
  other = await layPractice(server, 'Autre cabinet', ['administrator']);
  operator = await layAccount({ withFactor: true });
});
after(async () => {
  await server.stop();
  await smtp.stop();
});

/** An account that is signed in; letters go to the mail server at once, so its codes cannot be read in the store. */
async function layAccount({ withFactor }) {
  const person_id = randomUUID();
  const email = `${person_id.slice(0, 8)}@exemple.fr`;
  const factor = withFactor ? 'now()' : 'NULL';
  await server.psql(`SET row_security = off;
    INSERT INTO manent.person (person_id, given_name, family_name, language) VALUES ('${person_id}', 'Odile', 'Roux', 'en');
    INSERT INTO manent.credential (person_id, email, password_hash, totp_confirmed_at) VALUES ('${person_id}', '${email}', '', ${factor});
    INSERT INTO manent.session (session_id, token_hash, person_id, expires_at, second_factor_at)
      VALUES (gen_random_uuid(), '\\x${createHash('sha256').update(person_id).digest('hex')}', '${person_id}', now() + interval '1 hour', ${factor})`);
  const client = new Client(server.base);
  client.cookies.set('manent_session', person_id);
  return Object.assign(client, { person_id, email });
}

const appoint = (email, ...more) => server.command('admin', 'operator', email, ...more);
const damage = (statement) => server.psql(`SET row_security = off; SET session_replication_role = replica; ${statement}`);
const lettersTo = (email) => smtp.letters.filter((each) => each.to.includes(email)).map((each) => each.message);
const report = (revisions) => practice.client.post(`${practice.path}/device-reports`,
  { device_id: randomUUID(), sent_at: new Date().toISOString(), revisions });
const metric = async (promise) =>
  Number(new RegExp(`manent_incidents_open\\{promise="${promise}"\\} (\\d+)`).exec(await (await fetch(`${server.base}/metrics`)).text())?.[1]);
const v7 = () => randomUUID().replace(/^(.{14})4/, '$17');

/** A consultation of which a device holds one text. */
async function held() {
  const { patient_id } = await addPatient(practice);
  const { consultation_id } = await openConsultation(practice, patient_id);
  const { body } = await save(practice, 'consultation', consultation_id, { motif: 'Toux' });
  return body.fields.map(({ revision_id, digest }) => ({ revision_id, digest }));
}

test('an operator is an account with an authenticator, named on the command line', async () => {
  const patient = await layAccount({ withFactor: false });
  await assert.rejects(appoint('nobody@exemple.fr'), /no account signs in with nobody@exemple.fr/);
  await assert.rejects(appoint(patient.email), /no authenticator in use/);
  for (const nosy of [patient, practice.people.administrator.client, operator])
    assert.equal((await nosy.get('/incidents')).status, 404);
  assert.equal((await new Client(server.base).get('/incidents')).status, 401);
  assert.match((await appoint(operator.email)).stdout, /is an operator/);
  await appoint(operator.email);
  const seen = await until(async () => { const one = await operator.get('/incidents'); return one.status === 200 && one; });
  assert.deepEqual(seen.body.items, []);
  assert.ok(seen.body.copies.copies >= 1);
});

test('a loss is told by mail, shown to whom it concerns, and ends by itself when the text is there again', async () => {
  const revisions = await held();
  const [{ revision_id }] = revisions;
  await damage(`CREATE TABLE public.kept AS SELECT * FROM manent.revision WHERE revision_id = '${revision_id}';
    DELETE FROM manent.revision WHERE revision_id = '${revision_id}'`);
  const { body: { incident_id } } = await report(revisions);

  const [began] = await until(() => lettersTo(operator.email).length === 1 && lettersTo(operator.email));
  const text = readable(began);
  assert.match(text, /promises \(I1\) is not kept[^]*A device holds acknowledged texts[^]*\/exploitation/);
  assert.ok(!text.includes('Toux') && !text.includes('Cabinet') && !text.includes(revision_id));
  await until(async () => (await metric('I1')) === 1);
  assert.equal(await metric('I2'), 0);

  const [shown] = (await operator.get('/incidents')).body.items;
  assert.deepEqual([shown.incident_id, shown.promise, shown.practice_name, shown.ended_at, shown.revisions],
    [incident_id, 'I1', 'Cabinet', null, 1]);
  const { body: detail } = await operator.get(`/incidents/${incident_id}`);
  assert.deepEqual(detail.evidence[0].facts.missing.map((each) => each.revision_id), [revision_id]);
  assert.equal(detail.evidence[0].account_id, practice.people.practitioner.id);

  const { secretary, administrator } = practice.people;
  for (const { client } of [secretary, administrator])
    assert.deepEqual((await client.get(`${practice.path}/incidents`)).body.items.map((each) => each.incident_id), [incident_id]);
  assert.equal((await secretary.client.get(`${practice.path}/incidents/${incident_id}`)).status, 403);
  assert.equal((await administrator.client.get(`${practice.path}/incidents/${incident_id}`)).body.evidence.length, 1);
  assert.deepEqual((await other.client.get(`${other.path}/incidents`)).body.items, []);
  assert.equal((await other.client.get(`${other.path}/incidents/${incident_id}`)).status, 404);
  assert.equal((await other.client.get(`${practice.path}/incidents`)).status, 404);
  assert.equal((await administrator.client.get(`/incidents/${incident_id}`)).status, 404);
  assert.equal((await administrator.client.post(`/incidents/${incident_id}/end`, { reason: 'x' })).status, 404);

  // A report that says nothing of the loss does not end it.
  await report([]);
  assert.equal((await operator.get(`/incidents/${incident_id}`)).body.incident.ended_at, null);
  await damage('INSERT INTO manent.revision SELECT * FROM public.kept; DROP TABLE public.kept');
  await report([]);
  assert.ok((await operator.get(`/incidents/${incident_id}`)).body.incident.ended_at);
  const [, ended] = await until(() => lettersTo(operator.email).length === 2 && lettersTo(operator.email));
  assert.match(readable(ended), /has ended/);
  await until(async () => (await metric('I1')) === 0);
});

test('what no detector can end, the operator ends with a reason, once; the next loss is another incident', async () => {
  const invented = [{ revision_id: v7(), digest: randomBytes(32).toString('base64url') }];
  const { body: { incident_id } } = await report(invented);
  assert.equal((await operator.post(`/incidents/${incident_id}/end`, { reason: '' })).body.errors[0].path, '/reason');
  const { body: ended } = await operator.post(`/incidents/${incident_id}/end`, { reason: 'Appareil défectueux, remplacé' });
  assert.ok(ended.incident.ended_at);
  assert.deepEqual([ended.evidence.at(-1).ends, ended.evidence.at(-1).facts, ended.evidence.at(-1).account_id],
    [true, { reason: 'Appareil défectueux, remplacé' }, operator.person_id]);
  const again = await operator.post(`/incidents/${incident_id}/end`, { reason: 'Encore' });
  assert.equal(again.body.evidence.length, ended.evidence.length);
  assert.equal((await operator.post(`/incidents/${randomUUID()}/end`, { reason: 'x' })).status, 404);
  const { body: next } = await report(invented);
  assert.notEqual(next.incident_id, incident_id);
  await operator.post(`/incidents/${next.incident_id}/end`, { reason: 'Le même appareil' });
});

test('access events that were lost are an incident of the whole installation', async () => {
  await server.psql('REVOKE INSERT ON manent.access_event FROM manent_audit');
  await held();
  const lost = await until(async () => (await operator.get('/incidents')).body.items.find((each) => each.promise === 'I6'));
  await server.psql('GRANT INSERT ON manent.access_event TO manent_audit');
  assert.deepEqual([lost.detector, lost.practice_id], ['access_trail', null]);
  const seenByAll = await other.client.get(`${other.path}/incidents`);
  assert.ok(seenByAll.body.items.some((each) => each.incident_id === lost.incident_id));
  assert.ok((await operator.get(`/incidents/${lost.incident_id}`)).body.evidence[0].facts.lost > 0);
});

test('a failed verification opens an incident of each practice it concerns, and a good one ends it', async () => {
  const [{ revision_id }] = await held();
  await until(async () => (await server.psql('SHOW synchronous_standby_names')).trim() === 'manent_standby', 30);
  const flip = `UPDATE manent.revision SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE revision_id = '${revision_id}'`;
  await damage(flip);
  await assert.rejects(server.command('verify'));
  const broken = (await operator.get('/incidents')).body.items.filter((each) => each.detector === 'verify');
  assert.deepEqual(broken.map((each) => [each.promise, each.practice_id, each.revisions]), [['I2', practice.id, 1]]);
  const { evidence } = (await operator.get(`/incidents/${broken[0].incident_id}`)).body;
  const failed = [{ revision_id, why: 'text_does_not_open' }];
  assert.deepEqual(evidence.map((each) => each.facts), [{ primary: failed, standby: failed, standby_asked: true }]);
  await assert.rejects(server.command('verify'));
  const still = (await operator.get('/incidents')).body.items.filter((each) => each.detector === 'verify');
  assert.deepEqual(still.map((each) => [each.incident_id, each.ended_at]), [[broken[0].incident_id, null]]);
  assert.equal((await operator.get(`/incidents/${broken[0].incident_id}`)).body.evidence.length, 1);
  await damage(flip);
  await server.command('verify');
  assert.ok((await operator.get(`/incidents/${broken[0].incident_id}`)).body.incident.ended_at);
});

test('once no access event was lost for a minute, that incident ends', async () => {
  const lost = async () => (await operator.get('/incidents')).body.items.find((each) => each.promise === 'I6');
  await until(async () => (await lost()).ended_at, 90, 'the incident never ended');
});

test('who is dismissed sees nothing any more', async () => {
  assert.match((await appoint(operator.email, '--dismiss')).stdout, /no operator any more/);
  await until(async () => (await operator.get('/incidents')).status === 404);
  await assert.rejects(appoint(operator.email, '--dismiss'), /is no operator/);
});

test('what begins while nobody runs the installation is told to whoever is appointed, and to nobody else', async () => {
  const before_ = smtp.letters.length;
  const told = () => smtp.letters.slice(before_).filter(({ message }) => /^Subject: Incident I1: /m.test(message))
    .map(({ to, message }) => `${to} ${/^Subject: Incident I1: ended/m.test(message) ? 'ended' : 'began'}`);
  const { body: { incident_id } } = await report([{ revision_id: v7(), digest: randomBytes(32).toString('base64url') }]);
  await until(async () => (await metric('I1')) === 1);
  const first = await layAccount({ withFactor: true });
  const second = await layAccount({ withFactor: true });
  await appoint(first.email);
  await until(() => told().length > 0);
  await appoint(second.email);
  assert.equal((await first.post(`/incidents/${incident_id}/end`, { reason: 'Appareil remplacé' })).status, 200);
  await until(() => told().length > 2);
  const [began, ...ended] = told();
  assert.deepEqual([began, ended.sort()], [`${first.email} began`, [`${first.email} ended`, `${second.email} ended`].sort()]);
});
