// People for the API tests: accounts made the way anyone makes them, and what they carry with them (a mailbox, an
// authenticator).
import assert from 'node:assert/strict';
import { createHmac, randomUUID } from 'node:crypto';
import { Client, until } from './server.mjs';

export const password = 'cheval agrafe pile correct';

/** The code of RFC 6238 for a secret in base32, `steps` of 30 s from now. */
export function totp(secret, steps = 0) {
  const bits = [...secret].map((c) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(c).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((b) => parseInt(b, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac('sha1', key).update(counter).digest();
  const at = mac[19] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0');
}

/** Letters to an address, newest first, as they wait in the store. */
export function letters(server, to) {
  return server.sql(`SELECT subject, body, calendar, created_at FROM manent.mail
                     WHERE recipient = '${to}' ORDER BY created_at DESC, mail_id DESC`);
}

/** The six digits of the newest letter to an address. */
export async function mailedCode(server, to) {
  const [newest] = await letters(server, to);
  return /\b\d{6}\b/.exec(newest?.body ?? '')?.[0];
}

/** What a new account asks for. */
export function accountWish(more = {}) {
  return {
    email: `p${randomUUID().slice(0, 8)}@exemple.fr`, password, given_name: 'Louise', family_name: 'Martin',
    birth_date: '1984-03-12', sex: 'female', language: 'fr', ...more,
  };
}

/** A browser in which a new patient is signed in. */
export async function signedInPatient(server, more = {}) {
  const wish = accountWish(more);
  const client = new Client(server.base);
  const { body } = await client.post('/accounts', wish);
  const code = await mailedCode(server, wish.email);
  const entered = await client.post('/sessions/code', { sign_in_id: body.sign_in_id, code, remember_device: true });
  assert.equal(entered.status, 200, entered.text);
  const { person } = (await client.get('/session')).body;
  return Object.assign(client, { email: wish.email, person_id: person.person_id });
}

/** A practice with nothing in it. */
export async function newPractice(server, name = 'Cabinet du Port') {
  const practice_id = randomUUID();
  await server.psql(`INSERT INTO manent.practice (practice_id, name) VALUES ('${practice_id}', '${name}')`);
  return practice_id;
}

/** A browser in which somebody of the practice is signed in, second factor included. */
export async function signedInMember(server, practice_id, role = 'practitioner', more = {}) {
  const client = await signedInPatient(server, more);
  await server.psql(`INSERT INTO manent.membership (membership_id, practice_id, person_id, role)
                     VALUES (gen_random_uuid(), '${practice_id}', '${client.person_id}', '${role}')`);
  const { body } = await client.post('/session/totp', { password });
  const confirmed = await client.post('/session/totp/confirm', { code: totp(body.secret) });
  assert.equal(confirmed.status, 204, confirmed.text);
  client.factor = body;
  // What was remembered of the session before it was a member's is forgotten within three seconds; confirming the
  // factor forgets it at once.
  await until(async () => (await client.get('/session')).body.memberships.length > 0);
  return client;
}

/** Signs a member in on another browser; `steps` later than the authenticator shows, for a code is good once. */
export async function signInMember(server, member, client = new Client(server.base), steps = 1) {
  const first = await client.post('/sessions', { email: member.email, password });
  assert.equal(first.body.channel, 'totp', first.text);
  const code = totp(member.factor.secret, steps);
  return client.post('/sessions/code', { sign_in_id: first.body.sign_in_id, code, remember_device: true });
}
