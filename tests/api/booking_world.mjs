// A practice with openings, its staff and patients with accounts, laid straight into the database for the tests of
// booking; whatever is booked goes through the API.
import assert from 'node:assert/strict';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import http from 'node:http';
import https from 'node:https';
import { Client, until } from '../support/server.mjs';

const hash = (token) => `'\\x${createHash('sha256').update(token).digest('hex')}'`;

/** YYYY-MM-DD, `days` from today. */
export function dayFromNow(days) {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}

export const week = { from: dayFromNow(7), to: dayFromNow(13) };

/** An agenda that is open every day from 9 to 12 for a visit of 20 minutes, and a member of the practice. */
export async function layPractice(server, { capacity = 1, ...motive } = {}) {
  const id = { practice: randomUUID(), site: randomUUID(), agenda: randomUUID(), motive: randomUUID() };
  await server.psql(`
    SET row_security = off;
    INSERT INTO manent.practice (practice_id, name) VALUES ('${id.practice}', 'Cabinet des Quais');
    INSERT INTO manent.site (practice_id, site_id, name, lines, postal_code, city)
      VALUES ('${id.practice}', '${id.site}', 'Centre de pneumologie', '{"1 rue Mme Delmas"}', '47000', 'Agen');
    INSERT INTO manent.agenda (practice_id, agenda_id, site_id, name)
      VALUES ('${id.practice}', '${id.agenda}', '${id.site}', 'Dr Anne Leroy');
    INSERT INTO manent.motive (practice_id, motive_id, label, duration_min, earliest_min, latest_days, cancel_min)
      VALUES ('${id.practice}', '${id.motive}', 'Suivi de pneumologie', ${motive.duration_min ?? 20},
              ${motive.earliest_min ?? 60}, ${motive.latest_days ?? 60}, ${motive.cancel_min ?? 1440});
    INSERT INTO manent.agenda_motive VALUES ('${id.practice}', '${id.agenda}', '${id.motive}');
    WITH opened AS (
      INSERT INTO manent.opening (practice_id, opening_id, agenda_id, weekday, starts_minute, ends_minute, capacity)
        SELECT '${id.practice}', gen_random_uuid(), '${id.agenda}', day, 540, 720, ${capacity}
        FROM generate_series(1, 7) AS day RETURNING opening_id)
    INSERT INTO manent.opening_motive SELECT '${id.practice}', opening_id, '${id.motive}' FROM opened;
    INSERT INTO manent.outbox (practice_id, kind, agenda_id)
      VALUES ('${id.practice}', 'agenda_schedule', '${id.agenda}');`);
  const practice = { server, ...id, path: `/practices/${id.practice}` };
  practice.staff = await layMember(practice, 'secretary');
  await until(async () => (await slots(practice)).length > 0, 10, 'the index never saw the agenda');
  return practice;
}

async function signIn(server, person, more = '') {
  const token = `token-${person}`;
  await server.psql(`
    SET row_security = off;
    INSERT INTO manent.session (session_id, token_hash, person_id, expires_at, second_factor_at)
      VALUES (gen_random_uuid(), ${hash(token)}, '${person}', now() + interval '1 hour', now());${more}`);
  const client = new Client(server.base);
  client.cookies.set('manent_session', token);
  return Object.assign(client, { person_id: person });
}

export async function layMember(practice, role) {
  const person = randomUUID();
  await practice.server.psql(`
    SET row_security = off;
    INSERT INTO manent.person (person_id, given_name, family_name) VALUES ('${person}', 'Odile', 'Garnier');
    INSERT INTO manent.membership (membership_id, practice_id, person_id, role)
      VALUES (gen_random_uuid(), '${practice.practice}', '${person}', '${role}');`);
  return signIn(practice.server, person);
}

/** Somebody with an account, signed in. */
export async function layPatient(server, { family_name = 'Martin' } = {}) {
  const person = randomUUID();
  const email = `p${person.slice(0, 8)}@exemple.fr`;
  await server.psql(`
    SET row_security = off;
    INSERT INTO manent.person (person_id, given_name, family_name, birth_date, phone)
      VALUES ('${person}', 'Louise', '${family_name}', '1984-03-12', '06 12 34 56 78');
    INSERT INTO manent.credential (person_id, email, password_hash) VALUES ('${person}', '${email}', 'none');`);
  return Object.assign(await signIn(server, person), { email });
}

/** Free starts of the practice's motive, as instants. */
export async function slots(practice, { from, to } = week, client = new Client(practice.server.base)) {
  const { body } = await client.get(`/agendas/${practice.agenda}/slots?motive=${practice.motive}&from=${from}&to=${to}`);
  return (body.days ?? []).flatMap((day) => day.slots);
}

export const wish = (practice, starts_at, more = {}) =>
  ({ agenda_id: practice.agenda, motive_id: practice.motive, starts_at, known: false, ...more });

export async function book(practice, patient, starts_at, more) {
  const answer = await patient.keyed('/appointments', wish(practice, starts_at, more));
  assert.equal(answer.status, 201, answer.text);
  return answer.body;
}

/** Status and code of a refusal, to compare at once. */
export const refusal = ({ status, body }) => [status, body?.code];

/** Waits until a start is offered, or no longer is: the index follows the database by some milliseconds. */
export const untilOffered = (practice, start, offered) =>
  until(async () => (await slots(practice)).includes(start) === offered, 5, `${start} never ${offered ? 'came' : 'went'}`);

/** What a web socket says, read from its frames: Node 20 has no client of its own. */
export function listen(server, path, client) {
  const heard = [];
  const over = server.base.startsWith('https:') ? https : http;
  const asked = over.get(`${server.base}/api/v1${path}`, {
    ca: server.authority,
    headers: {
      Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13',
      'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
      Cookie: `manent_session=${client.cookies.get('manent_session')}`,
    },
  });
  return new Promise((resolve, reject) => {
    asked.on('error', reject);
    asked.on('response', ({ statusCode }) => reject(new Error(`no web socket: ${statusCode}`)));
    asked.on('upgrade', (_, socket, head) => {
      let unread = head;
      const take = (chunk) => {
        unread = Buffer.concat([unread, chunk]);
        // Servers do not mask, and hints are short.
        while (unread.length >= 2 && unread.length >= 2 + unread[1]) {
          if ((unread[0] & 15) === 1) heard.push(JSON.parse(unread.subarray(2, 2 + unread[1])));
          unread = unread.subarray(2 + unread[1]);
        }
      };
      take(Buffer.alloc(0));
      socket.on('data', take);
      socket.on('error', () => {});
      const closed = new Promise((ended) => socket.once('close', ended));
      resolve({ heard, closed, close: () => socket.destroy() });
    });
  });
}
