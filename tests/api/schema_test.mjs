// What the database itself refuses, whatever the program asks: row security for each class and role, tables that only
// grow, one visit at a time. Asked in SQL, as the program's own roles.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createHash, randomUUID } from 'node:crypto';
import { Server } from '../support/server.mjs';

const server = new Server();
const hash = (token) => `'\\x${createHash('sha256').update(token).digest('hex')}'`;

/** Two practices, each with a site, an agenda, a motive, a patient, and one member who is signed in. */
const practices = ['a', 'b'].map((name) => ({
  name, practice: randomUUID(), person: randomUUID(), site: randomUUID(), agenda: randomUUID(),
  motive: randomUUID(), patient: randomUUID(), token: `token-${name}`,
}));
const [a, b] = practices;
const start = '2027-03-01 09:00+00';

before(async () => {
  await server.start();
  for (const p of practices) {
    await server.psql(`
      SET row_security = off;
      INSERT INTO manent.person (person_id, given_name, family_name) VALUES ('${p.person}', 'Anne', '${p.name}');
      INSERT INTO manent.practice (practice_id, name) VALUES ('${p.practice}', '${p.name}');
      INSERT INTO manent.membership (membership_id, practice_id, person_id, role)
        VALUES (gen_random_uuid(), '${p.practice}', '${p.person}', 'practitioner');
      INSERT INTO manent.session (session_id, token_hash, person_id, expires_at)
        VALUES (gen_random_uuid(), ${hash(p.token)}, '${p.person}', now() + interval '1 hour');
      INSERT INTO manent.site (practice_id, site_id, name) VALUES ('${p.practice}', '${p.site}', 'x');
      INSERT INTO manent.agenda (practice_id, agenda_id, site_id, name) VALUES ('${p.practice}', '${p.agenda}', '${p.site}', 'x');
      INSERT INTO manent.motive (practice_id, motive_id, label, duration_min) VALUES ('${p.practice}', '${p.motive}', 'x', 20);
      INSERT INTO manent.patient (practice_id, patient_id, birth_name, given_names, birth_date, folded_names, wrapped_key)
        VALUES ('${p.practice}', '${p.patient}', 'X', 'Y', '1980-01-01', 'x y', '\\x00');`);
  }
});
after(() => server.stop());

/** Runs as the program's role inside one practice's scope, rolled back at the end. */
const inside = (practice, token, statement) =>
  server.psql(`BEGIN; SELECT manent.enter_practice('${practice}', '${token}'); ${statement}; ROLLBACK`, { role: 'manent_app' });

const appointment = (p, from, { lane = 0, state = 'booked', minutes = 20 } = {}) => `
  INSERT INTO manent.appointment (practice_id, appointment_id, agenda_id, motive_id, patient_id, lane, starts_at, ends_at, state)
  VALUES ('${p.practice}', gen_random_uuid(), '${p.agenda}', '${p.motive}', '${p.patient}', ${lane},
          timestamptz '${from}', timestamptz '${from}' + interval '${minutes} minutes', '${state}')`;

test('a member sees the practice of the session and nothing of another', async () => {
  const count = 'SELECT count(*) FROM manent.patient';
  assert.equal((await inside(a.practice, a.token, count)).trim(), '1');
  assert.equal((await inside(b.practice, a.token, count)).trim(), '0');
});

test('without a scope, with an unknown, locked, expired or revoked session there are no rows', async () => {
  const count = 'SELECT count(*) FROM manent.patient';
  assert.equal((await server.psql(count, { role: 'manent_app' })).trim(), '0');
  assert.equal((await inside(a.practice, 'unknown', count)).trim(), '0');
  for (const column of ['locked_at = now()', 'revoked_at = now()', "expires_at = now() - interval '1 s'"]) {
    await server.psql(`BEGIN; UPDATE manent.session SET ${column} WHERE token_hash = ${hash(a.token)}; COMMIT`);
    assert.equal((await inside(a.practice, a.token, count)).trim(), '0', column);
    await server.psql(`UPDATE manent.session SET locked_at = NULL, revoked_at = NULL, expires_at = now() + interval '1 hour'
                       WHERE token_hash = ${hash(a.token)}`);
  }
});

test('a membership that ended opens nothing', async () => {
  await server.psql(`UPDATE manent.membership SET state = 'ended' WHERE person_id = '${a.person}'`);
  assert.equal((await inside(a.practice, a.token, 'SELECT count(*) FROM manent.patient')).trim(), '0');
  await server.psql(`UPDATE manent.membership SET state = 'active' WHERE person_id = '${a.person}'`);
});

test('a row for another practice cannot be written from this one', async () => {
  await assert.rejects(inside(a.practice, a.token, appointment(b, start)), /row-level security/);
});

test('every table with a practice_id has row security, forced, and a policy for the program', async () => {
  const open = await server.sql(`
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'manent' AND c.relkind = 'r'
      AND EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'practice_id')
      AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
      AND c.relname NOT IN ('outbox', 'membership', 'practice_key')`);
  assert.deepEqual(open, []);
});

test('the program owns nothing and cannot bypass row security', async () => {
  const roles = await server.sql(`SELECT rolname, rolsuper, rolbypassrls,
      (SELECT count(*) FROM pg_class c WHERE c.relowner = r.oid) AS owned
    FROM pg_roles r WHERE rolname LIKE 'manent_%' AND rolname <> 'manent_owner'`);
  assert.ok(roles.length >= 5);
  for (const role of roles) assert.deepEqual([role.rolsuper, role.rolbypassrls, role.owned], [false, false, 0], role.rolname);
});

for (const table of ['appointment_change', 'patient_change', 'consultation', 'consultation_event', 'revision', 'access_event',
  'incident', 'incident_event']) {
  test(`${table} only grows, for its owner too`, async () => {
    await assert.rejects(server.psql(`SET row_security = off; DELETE FROM manent.${table}`), /only grows/);
    await assert.rejects(server.psql(`TRUNCATE manent.${table} CASCADE`), /only grows/);
    const grants = await server.sql(`SELECT privilege_type FROM information_schema.role_table_grants
      WHERE table_schema = 'manent' AND table_name = '${table}' AND grantee LIKE 'manent_%' AND grantee <> 'manent_owner'
        AND privilege_type NOT IN ('INSERT', 'SELECT')`);
    assert.deepEqual(grants, []);
  });
}

test('two visits do not share a time of one agenda, touching ones and other lanes do', async () => {
  const both = (second) => inside(a.practice, a.token, `${appointment(a, start)}; ${second}`);
  await assert.rejects(both(appointment(a, '2027-03-01 09:10+00')), /one_at_a_time/);
  await both(appointment(a, '2027-03-01 09:20+00'));
  await both(appointment(a, '2027-03-01 09:10+00', { lane: 1 }));
  await both(appointment(a, '2027-03-01 09:00+00', { state: 'cancelled' }));
});

test('no visit is longer than eight hours or ends before it begins', async () => {
  await assert.rejects(inside(a.practice, a.token, appointment(a, start, { minutes: 481 })), /check constraint/);
  await assert.rejects(inside(a.practice, a.token, appointment(a, start, { minutes: 0 })), /check constraint|lower bound/);
});

test('the index reads times and no patient', async () => {
  await server.psql('SELECT starts_at, state FROM manent.appointment', { role: 'manent_index' });
  for (const column of ['patient_id', 'person_id', 'note_sealed'])
    await assert.rejects(server.psql(`SELECT ${column} FROM manent.appointment`, { role: 'manent_index' }), /permission denied/);
  await assert.rejects(server.psql('SELECT * FROM manent.patient', { role: 'manent_index' }), /permission denied/);
});

test('nobody but identity reads credentials and sessions', async () => {
  for (const role of ['manent_app', 'manent_index', 'manent_mail', 'manent_audit', 'manent_incident'])
    for (const table of ['credential', 'session', 'recovery_code'])
      await assert.rejects(server.psql(`SELECT * FROM manent.${table}`, { role }), /permission denied/, `${role} ${table}`);
});

test('everyone reads the directory, nobody writes in another practice', async () => {
  assert.equal((await server.psql('SELECT count(*) FROM manent.agenda', { role: 'manent_app' })).trim(), '2');
  const rename = `UPDATE manent.agenda SET name = 'mine' WHERE practice_id = '${b.practice}' RETURNING 1`;
  assert.equal((await inside(a.practice, a.token, rename)).trim(), '');
});
