// The second copy away: an incident opens once the bound has passed, is told by mail, survives the serving process, and
// ends by itself when the copy follows again.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Server, until } from '../support/server.mjs';
import { SmtpServer, readable } from '../support/smtp.mjs';
import { freezeStandby, ready, twoCopies } from '../support/faults.mjs';

const bound_s = 8;
const email = 'exploitation@exemple.fr';
const smtp = new SmtpServer();
let server;
before(async () => {
  await smtp.start();
  server = await new Server({
    environment: { MANENT_INCIDENT_STANDBY_S: String(bound_s), MANENT_MAIL_SERVER: smtp.url },
  }).start();
  await twoCopies(server);
  const person_id = randomUUID();
  await server.psql(`
    INSERT INTO manent.person (person_id, given_name, family_name) VALUES ('${person_id}', 'Odile', 'Roux');
    INSERT INTO manent.credential (person_id, email, password_hash, totp_confirmed_at) VALUES ('${person_id}', '${email}', '', now())`);
  await server.command('admin', 'operator', email);
});
after(async () => {
  await server.stop();
  await smtp.stop();
});

const incidents = () => server.sql('SELECT * FROM manent.incident_state ORDER BY began_at');
const open = async () => (await incidents()).filter((each) => each.ended_at === null);
/** Something that waits for the second copy, so that the program notices that it is away. */
const write = () => server.psql('CREATE TABLE IF NOT EXISTS public.witness (n int); INSERT INTO public.witness VALUES (1)');

test('a standby that is away for less than the bound is no incident', async () => {
  const thaw = await freezeStandby(server);
  await write();
  thaw();
  await twoCopies(server);
  assert.deepEqual(await incidents(), []);
});

test('one that stays away is an incident of the installation, told once, and ended by its return', async () => {
  const frozenAt = Date.now();
  const thaw = await freezeStandby(server);
  await write();
  const [incident] = await until(async () => { const some = await open(); return some.length && some; }, 40);
  assert.deepEqual([incident.promise, incident.detector, incident.practice_id], ['I1', 'standby', null]);
  // Since the moment from which it was seen away, not since the bound passed.
  const recorded = Date.parse(incident.recorded_at);
  const began = Date.parse(incident.began_at);
  assert.ok(recorded - began >= bound_s * 1000 - 100, `${incident.began_at} to ${incident.recorded_at}`);
  assert.ok(began >= frozenAt - 1000);
  await until(() => smtp.letters.length === 1);
  assert.match(readable(smtp.letters[0].message), /promesses \(I1\)[^]*La deuxième copie ne suit plus/);

  // Another serving process finds the same incident.
  process.kill(await server.pid('server'), 'SIGKILL');
  await ready(server);
  thaw();
  await twoCopies(server);
  await until(async () => (await open()).length === 0, 40, 'the incident never ended');
  await until(() => smtp.letters.length === 2, 20);
  assert.match(readable(smtp.letters[1].message), /est terminé/);
  assert.equal((await incidents()).length, 1);
});

test('a standby that is killed and comes back at once is no incident', async () => {
  process.kill(await server.pid('standby'), 'SIGKILL');
  await write();
  await twoCopies(server);
  assert.equal((await incidents()).length, 1);
});
