// Signing in and out over real HTTP: accounts, codes, passwords, the authenticator, throttling, and that nothing tells
// a known address from an unknown one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Client, Server } from '../support/server.mjs';
import {
  accountWish, letters, mailedCode, newPractice, password, signedInMember, signedInPatient, signInMember, totp,
} from '../support/people.mjs';

const server = new Server();
before(() => server.start());
after(() => server.stop());

const browser = (language = 'fr') => new Client(server.base, { language });

test('nobody is signed in at first, and nothing says who could be', async () => {
  const { status, body } = await browser().get('/session');
  assert.equal(status, 200);
  assert.deepEqual(body, { signed_in: false, demonstration: null });
  assert.equal((await browser().get('/demonstration/mailbox')).status, 404);
});

test('a patient creates an account, confirms it by mail and is signed in', async () => {
  const client = browser();
  const wish = accountWish();
  const asked = await client.post('/accounts', wish);
  assert.equal(asked.status, 202);
  assert.equal(asked.body.state, 'code_required');
  assert.equal(asked.body.channel, 'mail');
  const code = await mailedCode(server, wish.email);
  const entered = await client.post('/sessions/code', { sign_in_id: asked.body.sign_in_id, code: ` ${code.slice(0, 3)} ${code.slice(3)}`, remember_device: false });
  assert.deepEqual([entered.status, entered.body], [200, { state: 'signed_in' }]);
  const [cookie] = entered.headers.getSetCookie();
  assert.match(cookie, /^manent_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
  const { body } = await client.get('/session');
  assert.equal(body.signed_in, true);
  assert.equal(body.locked, false);
  assert.equal(body.person.email, wish.email);
  assert.deepEqual(body.memberships, []);
  const days = (Date.parse(body.expires_at) - Date.now()) / 86_400_000;
  assert.ok(days > 29.9 && days <= 30, `a patient's session lasts ${days} days`);
});

test('a code works once, five wrong ones end it, and an expired one is refused', async () => {
  const client = browser();
  const wish = accountWish();
  const { body: first } = await client.post('/accounts', wish);
  const code = await mailedCode(server, wish.email);
  assert.equal((await client.post('/sessions/code', { sign_in_id: first.sign_in_id, code, remember_device: false })).status, 200);
  const again = await browser().post('/sessions/code', { sign_in_id: first.sign_in_id, code, remember_device: false });
  assert.deepEqual([again.status, again.body.code], [401, 'code_expired']);

  const { body: second } = await browser().post('/sessions', { email: wish.email, password });
  const right = await mailedCode(server, wish.email);
  const wrong = right === '000000' ? '000001' : '000000';
  for (let left = 4; left >= 0; left -= 1) {
    const refused = await browser().post('/sessions/code', { sign_in_id: second.sign_in_id, code: wrong, remember_device: false });
    assert.deepEqual([refused.status, refused.body.code, refused.body.tries_left], [401, 'wrong_code', left]);
  }
  const late = await browser().post('/sessions/code', { sign_in_id: second.sign_in_id, code: right, remember_device: false });
  assert.equal(late.body.code, 'code_expired');

  const { body: third } = await browser().post('/sessions', { email: wish.email, password });
  await server.psql(`UPDATE manent.pending_sign_in SET expires_at = now() WHERE sign_in_id = '${third.sign_in_id}'`);
  const expired = await browser().post('/sessions/code', { sign_in_id: third.sign_in_id, code: await mailedCode(server, wish.email), remember_device: false });
  assert.equal(expired.body.code, 'code_expired');
});

test('a known device needs no code, another one does', async () => {
  const client = await signedInPatient(server);
  assert.match([...client.cookies.keys()].join(), /manent_device/);
  await client.delete('/session');
  assert.equal((await client.get('/session')).body.signed_in, false);
  const known = await client.post('/sessions', { email: client.email.toUpperCase(), password });
  assert.deepEqual(known.body, { state: 'signed_in' });
  const unknown = await browser().post('/sessions', { email: client.email, password });
  assert.equal(unknown.body.state, 'code_required');
});

test('wrong password and unknown address get the same answer', async () => {
  const { email } = await signedInPatient(server);
  const wrong = await browser('en').post('/sessions', { email, password: 'not this one at all' });
  const unknown = await browser('en').post('/sessions', { email: `nobody-${randomUUID()}@exemple.fr`, password });
  for (const each of [wrong, unknown]) delete each.body.request_id;
  assert.equal(wrong.status, 401);
  assert.deepEqual([wrong.status, wrong.body], [unknown.status, unknown.body]);
  assert.equal(wrong.body.code, 'wrong_credentials');
});

test('creating an account and forgetting a password answer alike for known and unknown addresses', async () => {
  const known = await signedInPatient(server);
  const stranger = `nobody-${randomUUID()}@exemple.fr`;
  const shape = ({ status, body }) => [status, Object.keys(body), body.state, body.channel];
  const before_ = (await letters(server, known.email)).length;
  assert.deepEqual(
    shape(await browser().post('/accounts', accountWish({ email: known.email, given_name: 'Mallory' }))),
    shape(await browser().post('/accounts', accountWish())),
  );
  const told = await letters(server, known.email);
  assert.equal(told.length, before_ + 1);
  assert.doesNotMatch(told[0].body, /\b\d{6}\b/);
  assert.equal((await known.get('/session')).body.person.given_name, 'Louise');
  assert.deepEqual(
    shape(await browser().post('/password-resets', { email: known.email })),
    shape(await browser().post('/password-resets', { email: stranger })),
  );
  assert.deepEqual(await letters(server, stranger), []);
  const { body } = await browser().post('/password-resets', { email: stranger });
  const refused = await browser().post('/password-resets/confirm', { sign_in_id: body.sign_in_id, code: '123456', password });
  assert.deepEqual([refused.status, refused.body.code, refused.body.tries_left], [401, 'wrong_code', 4]);
});

test('whoever registers an address that nobody confirmed last, and reads its mail, decides what the account says', async () => {
  const email = accountWish().email;
  const mallory = await browser().post('/accounts', accountWish({ email, password: 'mallory chose this one' }));
  const malloryCode = await mailedCode(server, email);
  const owner = browser();
  const { body } = await owner.post('/accounts', accountWish({ email }));
  const stale = await browser().post('/sessions/code', { sign_in_id: mallory.body.sign_in_id, code: malloryCode, remember_device: false });
  assert.equal(stale.body.code, 'code_expired');
  const code = await mailedCode(server, email);
  assert.equal((await owner.post('/sessions/code', { sign_in_id: body.sign_in_id, code, remember_device: false })).status, 200);
  assert.equal((await browser().post('/sessions', { email, password: 'mallory chose this one' })).status, 401);
  assert.equal((await browser().post('/sessions', { email, password })).status, 200);
});

test('every refused field is named at once, in the reader\'s language', async () => {
  const { status, body } = await browser('es').post('/accounts', {
    email: 'no', password: 'short', given_name: '', family_name: 'x'.repeat(101), birth_date: '2025-02-30', sex: 'cat', language: 'fr', more: 1,
  });
  assert.equal(status, 400);
  const found = Object.fromEntries(body.errors.map((each) => [each.path, each.code]));
  assert.deepEqual(found, {
    '/email': 'not_an_email', '/password': 'too_short', '/given_name': 'required', '/family_name': 'too_long',
    '/birth_date': 'not_a_date', '/sex': 'unknown_value', '/more': 'unknown_field',
  });
  assert.match(body.errors.find((each) => each.path === '/password').detail, /Al menos 10/);
  const rules = [
    [{ password: 'motdepasse123' }, '/password', 'password_common'],
    [{ email: 'louise.martin.1984@exemple.fr', password: 'Louise.Martin.1984' }, '/password', 'password_is_email'],
    [{ birth_date: '2199-01-01' }, '/birth_date', 'in_the_future'],
    [{ phone: 'call me' }, '/phone', 'not_a_phone'],
  ];
  for (const [wrong, path, code] of rules) {
    const refused = await browser().post('/accounts', accountWish(wrong));
    assert.equal(refused.status, 400, refused.text);
    assert.deepEqual(refused.body.errors.map((each) => [each.path, each.code]), [[path, code]]);
    assert.doesNotMatch(refused.body.errors[0].detail, /field\./);
  }
});

test('a forgotten password is replaced by code, and every session and device ends', async () => {
  const client = await signedInPatient(server);
  const { body } = await browser().post('/password-resets', { email: client.email });
  const code = await mailedCode(server, client.email);
  const common = await browser().post('/password-resets/confirm', { sign_in_id: body.sign_in_id, code, password: 'motdepasse' });
  assert.equal(common.body.errors[0].code, 'password_common');
  const fresh = browser();
  const chosen = await fresh.post('/password-resets/confirm', { sign_in_id: body.sign_in_id, code, password: 'a quite different one' });
  assert.deepEqual([chosen.status, chosen.body], [200, { state: 'signed_in' }]);
  assert.equal((await fresh.get('/session')).body.signed_in, true);
  assert.equal((await client.get('/session')).body.signed_in, false);
  assert.equal((await client.post('/sessions', { email: client.email, password })).status, 401);
  const again = await client.post('/sessions', { email: client.email, password: 'a quite different one' });
  assert.equal(again.body.state, 'code_required', 'the device is unknown again');
});

test('guessing is slowed by account, and only for those who guess', async () => {
  const victim = await signedInPatient(server);
  let refused;
  for (let attempt = 0; attempt < 6; attempt += 1)
    refused = await browser().post('/sessions', { email: victim.email, password: `guess number ${attempt}` });
  assert.deepEqual([refused.status, refused.body.code], [429, 'too_many_attempts']);
  const wait = Number(refused.headers.get('retry-after'));
  assert.ok(wait >= 25 && wait <= 30, `waits ${wait} s`);
  assert.equal((await browser().post('/sessions', { email: victim.email, password })).status, 429);
  const unknown = `nobody-${randomUUID()}@exemple.fr`;
  for (let attempt = 0; attempt < 6; attempt += 1) refused = await browser().post('/sessions', { email: unknown, password });
  assert.equal(refused.status, 429, 'an unknown address is slowed alike');
  const known = await victim.post('/sessions', { email: victim.email, password });
  assert.deepEqual(known.body, { state: 'signed_in' }, 'the person\'s own device is not kept out');
});

test('guesses sent at once count each other', async () => {
  const { email } = await signedInPatient(server);
  const answers = await Promise.all(
    Array.from({ length: 30 }, (_, i) => browser().post('/sessions', { email, password: `guess number ${i}` })),
  );
  const judged = answers.filter((each) => each.status === 401).length;
  assert.ok(judged <= 5, `${judged} of 30 were judged`);
  assert.ok(answers.every((each) => [401, 429, 503].includes(each.status)));
});

test('a mailbox is not flooded', async () => {
  const email = accountWish().email;
  const statuses = [];
  for (let i = 0; i < 7; i += 1) statuses.push((await browser().post('/password-resets', { email })).status);
  assert.deepEqual(statuses, [202, 202, 202, 202, 202, 429, 429]);
});

test('a member needs the authenticator: set up, used once a code, replaced by recovery codes', async () => {
  const practice = await newPractice(server);
  const member = await signedInPatient(server);
  await server.psql(`INSERT INTO manent.membership (membership_id, practice_id, person_id, role)
                     VALUES (gen_random_uuid(), '${practice}', '${member.person_id}', 'administrator')`);
  await new Promise((resolve) => setTimeout(resolve, 3100));
  const before_ = await member.get(`/practices/${practice}/members`);
  assert.deepEqual([before_.status, before_.body.code], [403, 'second_factor_required']);
  assert.equal((await member.post('/session/totp', { password: 'not this one at all' })).body.code, 'wrong_credentials');
  const { body: factor } = await member.post('/session/totp', { password });
  assert.match(factor.secret, /^[A-Z2-7]{32}$/);
  assert.match(factor.otpauth_uri, /^otpauth:\/\/totp\/Manent:.*secret=/);
  assert.equal(new Set(factor.recovery_codes).size, 10);
  assert.equal((await member.post('/session/totp/confirm', { code: '12345x' })).status, 401);
  assert.equal((await member.post('/session/totp/confirm', { code: totp(factor.secret, -1) })).status, 204);
  assert.equal((await member.get(`/practices/${practice}/members`)).status, 200);
  const hours = (Date.parse((await member.get('/session')).body.expires_at) - Date.now()) / 3_600_000;
  assert.ok(hours <= 12, `a session that began as a patient's lasts ${hours} hours in the practice`);

  const step = async () => (await browser().post('/sessions', { email: member.email, password })).body;
  const enter = async (sign_in_id, code) => browser().post('/sessions/code', { sign_in_id, code, remember_device: false });
  const first = await step();
  assert.equal(first.channel, 'totp');
  const code = totp(factor.secret);
  assert.equal((await enter(first.sign_in_id, code)).status, 200);
  assert.deepEqual((await enter((await step()).sign_in_id, code)).body.code, 'wrong_code');
  const recovered = await step();
  const typed = factor.recovery_codes[3].toUpperCase().replace(/(.{5})/, '$1-');
  assert.equal((await enter(recovered.sign_in_id, typed)).status, 200);
  assert.equal((await enter((await step()).sign_in_id, typed)).body.code, 'wrong_code');
});

test('a member\'s session lasts as long as the practice says, and even a known device asks for the code', async () => {
  const practice = await newPractice(server);
  await server.psql(`UPDATE manent.practice SET session_minutes = 90 WHERE practice_id = '${practice}'`);
  const member = await signedInMember(server, practice);
  const again = await signInMember(server, member, member);
  assert.equal(again.status, 200, again.text);
  const { body } = await member.get('/session');
  const minutes = (Date.parse(body.expires_at) - Date.now()) / 60_000;
  assert.ok(minutes > 89 && minutes <= 90, `${minutes} minutes`);
  assert.deepEqual(body.memberships, [
    { practice_id: practice, practice_name: 'Cabinet du Port', role: 'practitioner', practitioner_id: null, pin_set: false },
  ]);
});

test('a mailbox replaces a forgotten password, never the second factor', async () => {
  const member = await signedInMember(server, await newPractice(server));
  const { body } = await browser().post('/password-resets', { email: member.email });
  const code = await mailedCode(server, member.email);
  const client = browser();
  const chosen = await client.post('/password-resets/confirm', { sign_in_id: body.sign_in_id, code, password: 'a quite different one' });
  assert.deepEqual([chosen.body.state, chosen.body.channel], ['code_required', 'totp']);
  assert.equal(client.cookies.has('manent_session'), false);
  const entered = await client.post('/sessions/code', { sign_in_id: chosen.body.sign_in_id, code: totp(member.factor.secret, 1), remember_device: false });
  assert.equal(entered.status, 200);
});

test('another practice, and one that does not exist, are the same nothing', async () => {
  const member = await signedInMember(server, await newPractice(server));
  const other = await newPractice(server, 'Another');
  const answers = [];
  for (const id of [other, randomUUID(), 'not-an-id']) {
    const { status, body } = await member.get(`/practices/${id}/members`);
    delete body.request_id;
    answers.push([status, body]);
  }
  assert.equal(answers[0][0], 404);
  assert.deepEqual(answers[1], answers[0]);
  assert.deepEqual(answers[2], answers[0]);
  assert.equal((await browser().get(`/practices/${other}/members`)).status, 401);
});

test('a practice is not written to through a page that is not encrypted', async () => {
  const practice = await newPractice(server);
  const member = await signedInMember(server, practice, 'administrator');
  const { request } = await import('node:http');
  const status = await new Promise((resolve, reject) => {
    const cookie = [...member.cookies].map(([k, v]) => `${k}=${v}`).join('; ');
    const asked = request(`${server.base}/api/v1/practices/${practice}/members`, {
      method: 'POST', headers: { Host: 'manent.example', 'Content-Type': 'application/json', Cookie: cookie },
    }, (answer) => {
      let text = '';
      answer.on('data', (chunk) => (text += chunk));
      answer.on('end', () => resolve([answer.statusCode, JSON.parse(text).code]));
    });
    asked.on('error', reject);
    asked.end('{}');
  });
  assert.deepEqual(status, [403, 'insecure_origin']);
});
