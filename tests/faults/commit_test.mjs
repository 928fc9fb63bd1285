// The wait for the second copy, and connections that are lost in it: a receipt never claims a copy that was not counted,
// and an act whose outcome was unknown is done exactly once when it is sent again.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Client, Server, until } from '../support/server.mjs';
import { freezeStandby, insist, killWhole, ready, timed, twoCopies, waiting } from '../support/faults.mjs';
import * as booking from '../api/booking_world.mjs';
import * as record from '../api/record_world.mjs';

const server = new Server();
let practice, times, patient_id;
before(async () => {
  await server.start();
  practice = await record.layPractice(server, 'Cabinet');
  ({ patient_id } = await record.addPatient(practice));
  times = await booking.layPractice(server);
  await twoCopies(server);
});
const thaws = [];
const thaw = () => thaws.splice(0).forEach((each) => each());
const stopStandby = async () => {
  const frozen = await freezeStandby(server);
  thaws.push(frozen);
  return frozen;
};
afterEach(async () => {
  thaw();
  await ready(server);
  await twoCopies(server);
});
after(() => server.stop());

const open = async () => (await record.openConsultation(practice, patient_id)).consultation_id;
const save = (id, text, key) => timed(record.save(practice, 'consultation', id, [{ field: 'examen', text, bases: [] }], key));
const history = async (id) => {
  const path = `${practice.path}/revisions?subject_kind=consultation&subject_id=${id}&field=examen`;
  // Shortly after a kill a read may be refused as well: then, as the answer says, it is sent again.
  const answer = (await insist(() => practice.client.get(path))).at(-1);
  assert.equal(answer.status, 200, answer.text);
  return answer.body.items;
};
const appointments = (patient) => server.sql(
  `SELECT appointment_id, starts_at FROM manent.appointment WHERE person_id = '${patient.person_id}' AND state = 'booked'`);
const onStandby = async (revision) => (await server.psql(
  `SELECT 1 FROM manent.revision WHERE revision_id = '${revision}'`, { standby: true })).trim() === '1';
const verified = () => server.command('verify').catch((failed) => assert.fail(failed.stdout + failed.stderr));

/** A save that has written and now waits for the second copy, and the backends that wait. */
async function waitingSave(id, text, key) {
  const under_way = save(id, text, key);
  const backends = await until(async () => {
    const found = await waiting(server);
    return found.length > 0 && found;
  }, 5, 'no commit ever waited for the second copy');
  return { under_way, backends };
}

test('a save whose standby hangs says one copy, and a later one says two again', async () => {
  const id = await open();
  await stopStandby();
  const { under_way } = await waitingSave(id, 'seul');
  const alone = await under_way;
  assert.deepEqual([alone.status, alone.body.copies], [201, 1], alone.text);
  assert.ok(alone.took < 10_000, `the save waited ${alone.took} ms`);
  const next = await save(id, 'encore seul');
  assert.deepEqual([next.status, next.body.copies], [201, 1], next.text);
  assert.ok(next.took < 5000, `with one copy a save waited ${next.took} ms`);
  assert.ok((await history(id)).every((each) => each.copies === 1));
  thaw();
  await twoCopies(server);
  const both = await save(id, 'à deux');
  assert.deepEqual([both.status, both.body.copies], [201, 2], both.text);
  assert.ok(await until(() => onStandby(both.body.fields[0].revision_id), 5, 'a counted copy lacks the text'));
  assert.deepEqual((await history(id)).map((each) => [each.text, each.copies]), [['seul', 2], ['encore seul', 2], ['à deux', 2]]);
});

test('a save whose standby is killed in the wait says two only once the standby has it', async () => {
  const id = await open();
  const frozen = await stopStandby();
  const { under_way } = await waitingSave(id, 'tué');
  await killWhole(frozen.pids[0]);
  const saved = await under_way;
  assert.equal(saved.status, 201, saved.text);
  assert.ok(saved.took < 15_000, `the save waited ${saved.took} ms`);
  // The keeper starts the standby again at once, so it may have come back in time.
  if (saved.body.copies === 2)
    await until(() => onStandby(saved.body.fields[0].revision_id), 10, 'a counted copy lacks the text');
  await twoCopies(server);
  assert.equal((await save(id, 'à deux')).body.copies, 2);
});

test('a wait that the owner cancels is answered at once and says one copy', async () => {
  const id = await open();
  await stopStandby();
  const { under_way, backends } = await waitingSave(id, 'annulé');
  await server.psql(`SELECT pg_cancel_backend(${backends[0]})`);
  const saved = await under_way;
  assert.deepEqual([saved.status, saved.body.copies], [201, 1], saved.text);
});

test('a base backup under way is no copy', async (t) => {
  const id = await open();
  const folder = await mkdtemp(path.join(tmpdir(), 'manent-backup-'));
  await chmod(folder, 0o755);
  await stopStandby();
  // So slow that it stays under way, with the log streaming beside it.
  const backup = spawn('pg_basebackup', ['-D', path.join(folder, 'copy'), '-X', 'stream', '-c', 'fast', '-r', '32k',
    '-h', server.sockets(), '-p', '5432', '-U', 'manent_owner'], { stdio: 'ignore' });
  const ended = new Promise((resolve) => backup.once('exit', resolve));
  t.after(async () => {
    backup.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const flushedBy = async (name) => Number((await server.psql(`SELECT coalesce(max(flush_lsn - '0/0'), 0)
    FROM pg_stat_replication WHERE application_name = '${name}' AND state = 'streaming'`)).trim());
  await until(async () => Number(await server.psql(
    `SELECT count(*) FROM pg_stat_replication WHERE application_name = 'pg_basebackup' AND state = 'streaming'`)) > 0, 20, 'no backup streams');
  const saved = await save(id, 'pendant la sauvegarde');
  assert.deepEqual([saved.status, saved.body.copies], [201, 1], saved.text);
  const position = Number((await server.psql(`SELECT pg_current_wal_flush_lsn() - '0/0'`)).trim());
  await server.psql('SELECT pg_switch_wal()');
  await until(async () => (await flushedBy('pg_basebackup')) > position, 20, 'the backup never flushed the log');
  assert.deepEqual((await history(id)).map((each) => each.copies), [1]);
});

test('when the standbys cannot be asked, a save that was stored says so, with one copy', async () => {
  const id = await open();
  await until(async () => (await save(id, 'avant')).body.copies === 2, 10);
  await server.psql('ALTER FUNCTION manent.standbys() RENAME TO standbys_away');
  try {
    await until(async () => {
      const saved = await save(id, 'sans réponse');
      assert.equal(saved.status, 201, saved.text);
      return saved.body.copies === 1;
    }, 10, 'the standbys were never asked again');
  } finally {
    await server.psql('ALTER FUNCTION manent.standbys_away() RENAME TO standbys');
  }
  await until(async () => (await save(id, 'après')).body.copies === 2, 10, 'the standbys were never counted again');
});

test('acts whose backends are terminated in the wait are done once, and each answer is the same', async () => {
  const ids = await Promise.all([1, 2, 3, 4].map(open));
  const starts = await booking.slots(times);
  const patients = await Promise.all([1, 2, 3].map(() => booking.layPatient(server)));
  await stopStandby();
  const acts = [
    ...ids.map((id) => {
      const body = record.saveOf('consultation', id, { examen: 'interrompu' });
      return { key: randomUUID(), send: (key) => practice.client.keyed(`${practice.path}/revisions`, body, key) };
    }),
    ...patients.map((patient, i) => {
      const body = booking.wish(times, starts[i]);
      return { key: randomUUID(), send: (key) => patient.keyed('/appointments', body, key) };
    }),
  ];
  const first = Promise.all(acts.map(({ send, key }) => timed(send(key))));
  let going = true;
  const answers = first.finally(() => (going = false));
  let terminated = 0;
  while (going) {
    const found = await waiting(server);
    if (found.length > 0 && terminated < 40) {
      await server.psql(`SELECT pg_terminate_backend(pid) FROM unnest(ARRAY[${found}]) AS pid`);
      terminated += found.length;
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  assert.ok(terminated >= acts.length, `only ${terminated} were terminated`);
  for (const answer of await answers) {
    assert.ok([201, 503].includes(answer.status), answer.text);
    if (answer.status === 503) assert.ok(answer.headers.get('retry-after'), `no Retry-After: ${answer.text}`);
    if (answer.body.fields) assert.equal(answer.body.copies, 1, 'a copy on a standby that hangs');
  }
  thaw();
  // All of a receipt but what it counted at that moment.
  const lasting = ({ body: { copies, machines, where, ...rest } }) => rest;
  const idOf = ({ body }) => body.appointment_id ?? body.fields[0].revision_id;
  const firsts = await answers;
  for (const [i, { send, key }] of acts.entries()) {
    const again = (await insist(send, { key })).at(-1);
    assert.equal(again.status, 201, again.text);
    if (firsts[i].status === 201) assert.deepEqual(lasting(again), lasting(firsts[i]));
    acts[i].id = idOf(again);
  }
  for (const [i, id] of ids.entries()) assert.deepEqual((await history(id)).map((each) => each.revision_id), [acts[i].id]);
  for (const [i, patient] of patients.entries()) {
    assert.deepEqual((await appointments(patient)).map((each) => each.appointment_id), [acts[ids.length + i].id]);
  }
});

test('an act without a key whose connection is lost in the wait says that its outcome is unknown', async () => {
  const [start] = (await booking.slots(times)).slice(-1);
  await stopStandby();
  const held = timed(new Client(server.base).post('/holds', booking.wish(times, start)));
  const backends = await until(async () => {
    const found = await waiting(server);
    return found.length > 0 && found;
  }, 5, 'the hold never waited');
  await server.psql(`SELECT pg_terminate_backend(${backends[0]})`);
  const answer = await held;
  assert.deepEqual(booking.refusal(answer), [503, 'outcome_unknown']);
  assert.match(answer.headers.get('retry-after') ?? 'none', /^[1-9]\d*$/);
});

test('through bursts in which the primary is killed again and again everything is stored once, and nothing acknowledged is missing', async () => {
  const writers = await Promise.all([1, 2, 3, 4, 5, 6].map(async () => ({ id: await open(), stored: [] })));
  const starts = (await booking.slots(times)).filter((start) => start > booking.week.from).slice(0, 18);
  const bookers = await Promise.all(starts.map(async (start) => ({ start, patient: await booking.layPatient(server) })));
  const refusals = {};
  let going = true;
  const answered = (send) => insist(async (key) => {
    const answer = await send(key);
    if (answer.status === 503) {
      assert.ok(answer.headers.get('retry-after'), `no Retry-After: ${answer.text}`);
      refusals[answer.body.code] = (refusals[answer.body.code] ?? 0) + 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return answer;
  }).then((answers) => {
    const last = answers.at(-1);
    assert.equal(last.status, 201, last.text);
    return last.body;
  });
  const writing = writers.map(async ({ id, stored }) => {
    for (let n = 0; going; ++n) {
      const body = record.saveOf('consultation', id, { examen: `texte ${n}` });
      const key = randomUUID();
      const send = () => practice.client.keyed(`${practice.path}/revisions`, body, key);
      const receipt = await answered(send);
      stored.push({ text: `texte ${n}`, revision_id: receipt.fields[0].revision_id });
      // As does a device that never heard the answer.
      if (n % 5 === 0) assert.equal((await answered(send)).fields[0].revision_id, stored.at(-1).revision_id);
    }
  });
  const bookings = (async () => {
    for (const each of bookers)
      each.booked = await answered((key) => each.patient.keyed('/appointments', booking.wish(times, each.start), key));
  })();
  const work = Promise.all([...writing, bookings]);
  work.catch(() => (going = false));
  for (let kill = 0; kill < 4 && going; ++kill) {
    const before_ = writers.reduce((sum, { stored }) => sum + stored.length, 0);
    await until(() => writers.reduce((sum, { stored }) => sum + stored.length, 0) > before_ + 40 || !going, 30, 'the writing stood still');
    process.kill(await server.pid('primary'), 'SIGKILL');
    await ready(server);
  }
  going = false;
  await work;
  assert.ok(Object.keys(refusals).length > 0, 'no kill was ever noticed');
  for (const { id, stored } of writers) {
    const kept = (await history(id)).map(({ text, revision_id }) => ({ text, revision_id }));
    assert.deepEqual(kept, stored);
  }
  for (const { patient, start, booked } of bookers) {
    const [only, ...others] = await appointments(patient);
    assert.deepEqual([only.appointment_id, Date.parse(only.starts_at), others], [booked.appointment_id, Date.parse(start), []]);
  }
  await twoCopies(server);
  await verified();
});
