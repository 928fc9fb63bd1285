// The shared desk, relatives, and the members of a practice, over real HTTP.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { binary, Client, Server } from '../support/server.mjs';
import {
  accountWish, letters, mailedCode, newPractice, password, signedInMember, signedInPatient, signInMember, totp,
} from '../support/people.mjs';

const server = new Server();
let practice;
before(async () => {
  await server.start();
  practice = await newPractice(server);
});
after(() => server.stop());

const browser = () => new Client(server.base);

/** Two members who both signed in on one browser, each with a PIN. */
async function sharedDesk() {
  const anne = await signedInMember(server, practice, 'practitioner', { given_name: 'Anne', family_name: 'Aubry' });
  const boris = await signedInMember(server, practice, 'secretary', { given_name: 'Boris', family_name: 'Blanc' });
  assert.equal((await anne.put('/session/pin', { pin: '4817', password })).status, 204);
  const desk = anne;
  const signedIn = await signInMember(server, boris, desk);
  assert.equal(signedIn.status, 200, signedIn.text);
  assert.equal((await desk.put('/session/pin', { pin: '90 35'.replace(' ', ''), password })).status, 204);
  return { desk, anne: anne.person_id, boris: boris.person_id, anneEmail: anne.email };
}

test('locking closes the desk at once, the PIN opens it', async () => {
  const { desk } = await sharedDesk();
  assert.equal((await desk.get(`/practices/${practice}/members`)).status, 200);
  assert.equal((await desk.post('/session/lock')).status, 204);
  const locked = await desk.get(`/practices/${practice}/members`);
  assert.deepEqual([locked.status, locked.body.code], [423, 'locked']);
  assert.equal((await desk.get('/me/persons')).status, 423);
  const { body } = await desk.get('/session');
  assert.deepEqual([body.signed_in, body.locked, body.memberships[0].pin_set], [true, true, true]);
  const wrong = await desk.post('/session/unlock', { pin: '4818' });
  assert.deepEqual([wrong.status, wrong.body.code, wrong.body.tries_left], [401, 'wrong_pin', 4]);
  assert.equal((await desk.post('/session/unlock', { pin: '9035' })).status, 204);
  assert.equal((await desk.get(`/practices/${practice}/members`)).status, 200);
});

test('a colleague takes over by PIN, and the session before ends', async () => {
  const { desk, anne, boris } = await sharedDesk();
  const { body } = await desk.get('/desk');
  assert.deepEqual(body.items, [
    { person_id: anne, name: 'Anne Aubry', pin_set: true },
    { person_id: boris, name: 'Boris Blanc', pin_set: true },
  ]);
  const borisCookies = new Map(desk.cookies);
  assert.equal((await desk.post('/desk/switch', { person_id: anne, pin: '4817' })).status, 204);
  const now_ = (await desk.get('/session')).body;
  assert.equal(now_.person.person_id, anne);
  assert.equal((await desk.get(`/practices/${practice}/members`)).status, 200, 'with the second factor of the morning');
  const left = browser();
  left.cookies = borisCookies;
  assert.equal((await left.get('/session')).body.signed_in, false);
});

test('a session by PIN ends when the full sign-in would have', async () => {
  const { desk, anne } = await sharedDesk();
  await server.psql(`UPDATE manent.device_person SET confirmed_at = now() - interval '700 minutes' WHERE person_id = '${anne}'`);
  await server.psql(`UPDATE manent.session SET second_factor_at = now() - interval '700 minutes' WHERE person_id = '${anne}' AND second_factor_at IS NOT NULL`);
  assert.equal((await desk.post('/desk/switch', { person_id: anne, pin: '4817' })).status, 204);
  const minutes = (Date.parse((await desk.get('/session')).body.expires_at) - Date.now()) / 60_000;
  assert.ok(minutes > 19 && minutes <= 20, `${minutes} minutes of 720 are left`);
  await server.psql(`UPDATE manent.device_person SET confirmed_at = now() - interval '721 minutes' WHERE person_id = '${anne}'`);
  const over = await desk.post('/desk/switch', { person_id: anne, pin: '4817' });
  assert.deepEqual([over.status, over.body.code], [401, 'password_needed']);
  assert.equal((await desk.get('/desk')).body.items.some((each) => each.person_id === anne), false);
});

test('five wrong PINs need the password, which makes the PIN good again', async () => {
  const { desk, anne, anneEmail } = await sharedDesk();
  for (let left = 4; left >= 1; left -= 1) {
    const wrong = await desk.post('/desk/switch', { person_id: anne, pin: '0007' });
    assert.deepEqual([wrong.body.code, wrong.body.tries_left], ['wrong_pin', left]);
  }
  assert.equal((await desk.post('/desk/switch', { person_id: anne, pin: '0007' })).body.code, 'password_needed');
  assert.equal((await desk.post('/desk/switch', { person_id: anne, pin: '4817' })).body.code, 'password_needed');
  assert.equal((await desk.get('/desk')).body.items.find((each) => each.person_id === anne).pin_set, false);
  // A full sign-in on this device; the step of the authenticator is made unused again, for the test cannot wait.
  const { body } = await desk.post('/sessions', { email: anneEmail, password });
  await server.psql(`UPDATE manent.credential SET totp_last_step = 0 WHERE email = '${anneEmail}'`);
  assert.equal((await desk.post('/sessions/code', { sign_in_id: body.sign_in_id, code: totp(desk.factor.secret), remember_device: true })).status, 200);
  await desk.post('/session/lock');
  assert.equal((await desk.post('/session/unlock', { pin: '4817' })).status, 204);
});

test('a PIN opens nothing on another device', async () => {
  const { anne } = await sharedDesk();
  const elsewhere = await signedInPatient(server);
  const refused = await elsewhere.post('/desk/switch', { person_id: anne, pin: '4817' });
  assert.deepEqual([refused.status, refused.body.code], [401, 'password_needed']);
  assert.deepEqual((await browser().get('/desk')).body, { items: [] });
  assert.equal((await browser().post('/desk/switch', { person_id: anne, pin: '4817' })).status, 401);
});

test('a PIN is digits that do not count, and the password proves who sets it', async () => {
  const member = await signedInMember(server, practice);
  for (const [pin, code] of [['1234', 'pin_too_plain'], ['12', 'too_short'], ['abcd', 'not_digits']]) {
    const { status, body } = await member.put('/session/pin', { pin, password });
    assert.deepEqual([status, body.errors[0].path, body.errors[0].code], [400, '/pin', code]);
  }
  assert.equal((await member.put('/session/pin', { pin: '4817', password: 'not this one at all' })).status, 401);
});

test('a browser that was not remembered becomes known with its first PIN', async () => {
  const patient = await signedInPatient(server);
  patient.cookies.delete('manent_device');
  const { body } = await patient.post('/sessions', { email: patient.email, password });
  await patient.post('/sessions/code', { sign_in_id: body.sign_in_id, code: await mailedCode(server, patient.email), remember_device: false });
  assert.equal(patient.cookies.has('manent_device'), false);
  assert.equal((await patient.put('/session/pin', { pin: '4817', password })).status, 204);
  assert.equal(patient.cookies.has('manent_device'), true);
  await patient.post('/session/lock');
  assert.equal((await patient.post('/session/unlock', { pin: '4817' })).status, 204);
});

test('relatives are listed after oneself', async () => {
  const parent = await signedInPatient(server);
  const child = { given_name: 'Zoé', family_name: 'Martin', birth_date: '2020-02-29', sex: 'female', relation: 'child' };
  const added = await parent.post('/me/persons', child);
  assert.equal(added.status, 201);
  assert.deepEqual({ ...added.body, person_id: undefined }, { ...child, person_id: undefined });
  const { body } = await parent.get('/me/persons');
  assert.deepEqual(body.items.map((each) => [each.given_name, each.relation]), [['Louise', 'self'], ['Zoé', 'child']]);
  assert.equal((await parent.post('/me/persons', { ...child, relation: 'self' })).body.errors[0].code, 'unknown_value');
  assert.equal((await browser().get('/me/persons')).status, 401);
});

test('an invited person chooses a password, sets up the authenticator and works', async () => {
  const administrator = await signedInMember(server, practice, 'administrator');
  const email = accountWish().email;
  const wish = { email, given_name: 'Chloé', family_name: 'Carré', role: 'secretary' };
  const invited = await administrator.post(`/practices/${practice}/members`, wish);
  assert.equal(invited.status, 201, invited.text);
  assert.deepEqual([invited.body.state, invited.body.email], ['invited', email]);
  assert.match((await letters(server, email))[0].body, /Cabinet du Port/);
  assert.equal((await administrator.post(`/practices/${practice}/members`, wish)).body.code, 'already_member');

  const chloe = browser();
  const { body } = await chloe.post('/password-resets', { email });
  const chosen = await chloe.post('/password-resets/confirm', { sign_in_id: body.sign_in_id, code: await mailedCode(server, email), password });
  assert.deepEqual(chosen.body, { state: 'signed_in' });
  assert.equal((await chloe.get(`/practices/${practice}/members`)).body.code, 'second_factor_required');
  const { body: factor } = await chloe.post('/session/totp', { password });
  assert.equal((await chloe.post('/session/totp/confirm', { code: totp(factor.secret) })).status, 204);
  const members = (await chloe.get(`/practices/${practice}/members`)).body.items;
  assert.deepEqual(members.find((each) => each.email === email), {
    membership_id: invited.body.membership_id, name: 'Chloé Carré', email, role: 'secretary', state: 'active', practitioner_id: null, is_self: true,
  });
  assert.equal((await chloe.post(`/practices/${practice}/members`, { ...wish, email: accountWish().email })).body.code, 'forbidden');
});

test('someone with an account joins by signing in with a mailed code', async () => {
  const administrator = await signedInMember(server, practice, 'administrator');
  const known = await signedInPatient(server, { given_name: 'Denis' });
  const wish = { email: known.email, given_name: 'D', family_name: 'D', role: 'practitioner' };
  assert.equal((await administrator.post(`/practices/${practice}/members`, wish)).status, 201);
  const listed = async () => (await administrator.get(`/practices/${practice}/members`)).body.items.find((each) => each.email === known.email);
  assert.deepEqual([(await listed()).name, (await listed()).state], [known.email, 'invited'], 'a name is shown once they accept');
  const { body } = await known.post('/sessions', { email: known.email, password });
  assert.deepEqual([body.state, body.channel], ['code_required', 'mail'], 'even on a known device');
  await known.post('/sessions/code', { sign_in_id: body.sign_in_id, code: await mailedCode(server, known.email), remember_device: true });
  assert.deepEqual([(await listed()).name, (await listed()).state], ['Denis Martin', 'active']);
});

test('signing out ends the session for whoever kept the cookie', async () => {
  const patient = await signedInPatient(server);
  const kept = browser();
  kept.cookies = new Map(patient.cookies);
  assert.equal((await kept.get('/me/persons')).status, 200);
  assert.equal((await patient.delete('/session')).status, 204);
  assert.equal((await kept.get('/me/persons')).status, 401);
  assert.equal((await browser().delete('/session')).status, 204);
});

test('one reads who read or wrote one\'s own data, and nobody else\'s', async () => {
  const patient = await signedInPatient(server);
  const member = await signedInMember(server, practice, 'practitioner', { given_name: 'Farid', family_name: 'Faure' });
  const file = async (person) => {
    const [{ id }] = await server.sql('SELECT gen_random_uuid() AS id');
    await server.psql(`
      INSERT INTO manent.patient (practice_id, patient_id, birth_name, given_names, birth_date, folded_names, wrapped_key)
        VALUES ('${practice}', '${id}', 'X', 'Y', '1980-01-01', 'x y', '\\x00');
      INSERT INTO manent.person_link (practice_id, patient_id, person_id) VALUES ('${practice}', '${id}', '${person}')`);
    return id;
  };
  const happened = (patient_id, at, action, what) => server.psql(`
    INSERT INTO manent.access_event (practice_id, event_id, patient_id, at, actor, action, what, request_id)
    VALUES ('${practice}', gen_random_uuid(), '${patient_id}', '${at}', '${member.person_id}', '${action}', '${what}', 'r')`);
  const own = await file(patient.person_id);
  for (const second of [1, 3, 5]) await happened(own, `2026-11-20 10:00:0${second}+00`, 'write', 'consultation');
  await happened(own, '2026-11-20 11:00:00+00', 'read', 'record');
  await happened(await file(member.person_id), '2026-11-20 12:00:00+00', 'read', 'patient');
  const { body } = await patient.get('/me/access-events');
  const line = { practice_name: 'Cabinet du Port', actor_name: 'Farid Faure' };
  assert.deepEqual(body.items, [
    { at: '2026-11-20T11:00:00Z', ...line, action: 'read', what: 'patient' },
    { at: '2026-11-20T10:00:05Z', ...line, action: 'write', what: 'consultation' },
  ]);
});

/** `manent admin create` beside the running server, with the password on its standard input. */
function createAdministrator(email, typed) {
  const words = ['--practice', 'Cabinet neuf', '--given-name', 'Gaël', '--family-name', 'Gros', '--email', email];
  return new Promise((resolve) => {
    const run = execFile(binary, ['admin', 'create', '--data', server.data, ...words], (failed, said, refused) =>
      resolve({ code: failed ? failed.code : 0, said, refused }));
    run.stdin.end(`${typed}\n`);
  });
}

test('the command line makes a practice with its first administrator, who signs in and invites', async () => {
  const email = accountWish().email;
  const common = await createAdministrator(email, 'motdepasse123');
  assert.notEqual(common.code, 0);
  assert.match(common.refused, /\/password: This password is among the first to be guessed/);
  const made = await createAdministrator(email, password);
  assert.equal(made.code, 0, made.refused);
  const [, its_practice] = /Practice ([0-9a-f-]{36})/.exec(made.said);
  const again = await createAdministrator(email, password);
  assert.match(again.refused, /already exists/);

  const administrator = browser();
  const { body } = await administrator.post('/sessions', { email, password });
  assert.equal(body.channel, 'mail');
  await administrator.post('/sessions/code', { sign_in_id: body.sign_in_id, code: await mailedCode(server, email), remember_device: true });
  const { body: factor } = await administrator.post('/session/totp', { password });
  assert.equal((await administrator.post('/session/totp/confirm', { code: totp(factor.secret) })).status, 204);
  const { memberships } = (await administrator.get('/session')).body;
  assert.deepEqual(memberships.map((each) => [each.practice_id, each.practice_name, each.role]), [[its_practice, 'Cabinet neuf', 'administrator']]);
  const invited = await administrator.post(`/practices/${its_practice}/members`, { email: accountWish().email, given_name: 'H', family_name: 'H', role: 'practitioner' });
  assert.equal(invited.status, 201);
});

test('a session past its second factor is given the keys of its own journal on a device, the same ones each time', async () => {
  const anne = await signedInMember(server, practice, 'practitioner');
  const boris = await signedInMember(server, practice, 'secretary');
  const device_id = randomUUID();
  const ask = (who, on = device_id) => who.post('/session/journal-keys', { device_id: on });
  const first = await ask(anne);
  assert.equal(first.status, 200, first.text);
  assert.equal(first.body.person_id, anne.person_id);
  assert.match(first.body.wrapping_key, /^[\w-]{43}$/);
  assert.notEqual(first.body.wrapping_key, first.body.history_key);
  assert.deepEqual((await ask(anne)).body, first.body);
  for (const other of [await ask(boris), await ask(anne, randomUUID())]) {
    assert.equal(other.status, 200);
    assert.notEqual(other.body.wrapping_key, first.body.wrapping_key);
    assert.notEqual(other.body.history_key, first.body.history_key);
  }
  // Signed in anew, on another browser: the same text opens.
  const again = browser();
  assert.equal((await signInMember(server, anne, again)).status, 200);
  assert.deepEqual((await ask(again)).body, first.body);
});

test('nobody, a locked desk and a session without its second factor are given no key', async () => {
  const wish = { device_id: randomUUID() };
  assert.equal((await browser().post('/session/journal-keys', wish)).status, 401);
  const patient = await signedInPatient(server);
  const without = await patient.post('/session/journal-keys', wish);
  assert.deepEqual([without.status, without.body.code], [403, 'second_factor_required']);
  const anne = await signedInMember(server, practice, 'practitioner');
  assert.equal((await anne.post('/session/lock')).status, 204);
  assert.equal((await anne.post('/session/journal-keys', wish)).status, 423);
  const wrong = await patient.post('/session/journal-keys', { device_id: 'here' });
  assert.deepEqual([wrong.status, wrong.body.errors[0].path], [400, '/device_id']);
});

test('keys are not given faster than anybody opens pages', async () => {
  const anne = await signedInMember(server, practice, 'practitioner');
  const wish = { device_id: randomUUID() };
  let last;
  for (let asked = 0; asked < 310 && last?.status !== 429; asked += 1) last = await anne.post('/session/journal-keys', wish);
  assert.deepEqual([last.status, last.body.code], [429, 'too_many_key_requests']);
  assert.ok(Number(last.headers.get('retry-after')) > 0);
});
