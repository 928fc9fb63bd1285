// The demonstration's sign-ins: shown with a code that works at this moment, beside a mailbox that anyone may read, and
// only there.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, Server } from '../support/server.mjs';

const server = new Server({ empty: false });
before(() => server.start());
after(() => server.stop());

const signedIn = new Map();

test('every listed person signs in with what is shown', async () => {
  const { body } = await new Client(server.base).get('/session');
  const { accounts } = body.demonstration;
  assert.ok(accounts.some((each) => each.totp) && accounts.some((each) => each.role === 'patient'));
  for (const shown of accounts) {
    const client = new Client(server.base);
    const { status, body: step } = await client.post('/sessions', { email: shown.email, password: shown.password });
    assert.equal(status, 200, shown.label);
    assert.equal(step.channel, shown.role === 'patient' ? 'mail' : 'totp', shown.label);
    let code = shown.totp;
    if (step.channel === 'mail') {
      const { items } = (await client.get('/demonstration/mailbox')).body;
      code = /\b\d{6}\b/.exec(items.find((each) => each.to === shown.email).text)[0];
    }
    const entered = await client.post('/sessions/code', { sign_in_id: step.sign_in_id, code, remember_device: false });
    assert.equal(entered.status, 200, shown.label);
    const session = (await client.get('/session')).body;
    assert.equal(session.memberships.length > 0, shown.role !== 'patient', shown.label);
    signedIn.set(shown.role, { client, session });
  }
});

test('a specialty is worded in the language of the screen that asks, whatever the account’s', async () => {
  const spoken = { fr: /généraliste|Cardiologue|Dermatologue|Pédiatre|Ophtalmologue|Kinésithérapeute/, en: /General practitioner|Cardiologist|Dermatologist|Paediatrician|Ophthalmologist|Physiotherapist/ };
  const patient = signedIn.get('patient').client;
  const { client: staff, session } = signedIn.get('practitioner');
  for (const [language, label] of Object.entries(spoken)) {
    patient.language = staff.language = language;
    const { upcoming } = (await patient.get('/me/appointments')).body;
    assert.ok(upcoming.length > 0);
    for (const each of upcoming) assert.match(each.specialty_label, label);
    const { body } = await staff.get(`/practices/${session.memberships[0].practice_id}/practitioners`);
    assert.ok(body.items.length > 0);
    for (const each of body.items) assert.match(each.specialty_label, label);
  }
});

test('a code that was used is no longer shown', async () => {
  const before_ = (await new Client(server.base).get('/session')).body.demonstration.accounts.find((each) => each.totp);
  const { body } = await new Client(server.base).post('/sessions', { email: before_.email, password: before_.password });
  await new Client(server.base).post('/sessions/code', { sign_in_id: body.sign_in_id, code: before_.totp, remember_device: false });
  const after_ = (await new Client(server.base).get('/session')).body.demonstration.accounts.find((each) => each.email === before_.email);
  assert.notEqual(after_.totp, before_.totp);
});

test('the mailbox lists the newest letter first', async () => {
  const { items } = (await new Client(server.base).get('/demonstration/mailbox')).body;
  assert.ok(items.length > 0 && items.length <= 100);
  const times = items.map((each) => Date.parse(each.sent_at));
  assert.deepEqual(times, [...times].sort((a, b) => b - a));
  assert.deepEqual(Object.keys(items[0]).sort(), ['calendar', 'mail_id', 'sent_at', 'subject', 'text', 'to']);
});
