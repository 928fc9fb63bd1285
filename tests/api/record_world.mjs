// Two practices with people who are signed in, for the tests of the record: accounts, sessions and sites are laid
// straight into the database, everything of the record itself goes through the API.
import { createHash, randomUUID } from 'node:crypto';
import { Client } from '../support/server.mjs';

const hash = (token) => `'\\x${createHash('sha256').update(token).digest('hex')}'`;

/** A practice with an agenda, a motive, and members who have their second factor. */
export async function layPractice(server, name, members = ['practitioner', 'secretary']) {
  const practice = { name, id: randomUUID(), site: randomUUID(), agenda: randomUUID(), motive: randomUUID(), people: {} };
  await server.psql(`
    SET row_security = off;
    INSERT INTO manent.practice (practice_id, name) VALUES ('${practice.id}', '${name}');
    INSERT INTO manent.site (practice_id, site_id, name) VALUES ('${practice.id}', '${practice.site}', '${name}');
    INSERT INTO manent.agenda (practice_id, agenda_id, site_id, name)
      VALUES ('${practice.id}', '${practice.agenda}', '${practice.site}', '${name}');
    INSERT INTO manent.motive (practice_id, motive_id, label, duration_min)
      VALUES ('${practice.id}', '${practice.motive}', 'Consultation', 20);`);
  for (const role of members) practice.people[role] = await layMember(server, practice, role);
  practice.client = practice.people[members[0]].client;
  practice.path = `/practices/${practice.id}`;
  return practice;
}

async function layMember(server, practice, role) {
  const person = randomUUID();
  const token = `token-${person}`;
  await server.psql(`
    SET row_security = off;
    INSERT INTO manent.person (person_id, given_name, family_name) VALUES ('${person}', 'Anne', '${role}');
    INSERT INTO manent.membership (membership_id, practice_id, person_id, role)
      VALUES (gen_random_uuid(), '${practice.id}', '${person}', '${role}');
    INSERT INTO manent.session (session_id, token_hash, person_id, expires_at, second_factor_at)
      VALUES (gen_random_uuid(), ${hash(token)}, '${person}', now() + interval '1 hour', now());`);
  const client = new Client(server.base);
  client.cookies.set('manent_session', token);
  return { id: person, token, client, name: `Anne ${role}` };
}

/** An appointment straight into the database; its time is free by construction. */
let hour = 0;
export async function layAppointment(server, practice, patient_id) {
  const id = randomUUID();
  hour += 1;
  await server.psql(`
    SET row_security = off;
    INSERT INTO manent.appointment (practice_id, appointment_id, agenda_id, motive_id, patient_id, starts_at, ends_at, state)
    VALUES ('${practice.id}', '${id}', '${practice.agenda}', '${practice.motive}', '${patient_id}',
            timestamptz '2027-03-01 08:00+00' + interval '${hour} hours',
            timestamptz '2027-03-01 08:20+00' + interval '${hour} hours', 'booked')`);
  return id;
}

let births = 0;
/** A new patient whom nothing resembles, unless `of` says so. */
export async function addPatient(practice, of = {}) {
  births += 1;
  const day = new Date(Date.UTC(1930, 0, 1 + births * 17)).toISOString().slice(0, 10);
  const wish = { birth_name: `Patient${births}`, given_names: 'Louise', birth_date: day, sex: 'female', ...of };
  const answer = await practice.client.keyed(`${practice.path}/patients`, { confirm_new: true, ...wish });
  if (answer.status !== 201) throw new Error(`no patient: ${answer.text}`);
  return answer.body;
}

export async function openConsultation(practice, patient_id, more = {}) {
  const wish = { consultation_id: randomUUID(), patient_id, kind: 'in_practice', ...more };
  const answer = await practice.client.keyed(`${practice.path}/consultations`, wish);
  if (answer.status > 201) throw new Error(`no consultation: ${answer.text}`);
  return answer.body;
}

/** The body of a save: `texts` by field, or a list of whole fields. */
export function saveOf(subject_kind, subject_id, texts) {
  const fields = Array.isArray(texts)
    ? texts
    : Object.entries(texts).map(([field, text]) => ({ field, text, bases: [] }));
  return {
    subject_kind,
    subject_id,
    device_id: randomUUID(),
    fields: fields.map((each) => ({ typed_at: '2026-11-22T10:00:00+01:00', bases: [], ...each })),
  };
}

export const save = (practice, kind, id, texts, key) =>
  practice.client.keyed(`${practice.path}/revisions`, saveOf(kind, id, texts), key);

/** What the screen computes from its own text. */
export function digestOf(salt, text) {
  return createHash('sha256').update(Buffer.from(salt, 'base64url')).update(text, 'utf8').digest('base64url');
}

export const baseOf = (receipt, field) => {
  const stated = receipt.fields.find((each) => each.field === field);
  return { revision_id: stated.revision_id, digest: stated.digest };
};
