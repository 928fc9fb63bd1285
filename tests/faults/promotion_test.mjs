// The primary's disk is lost: the standby takes its place with every word that was called two copies, each once, and a
// new standby is made; where words could be lost by it, nothing happens without somebody's word.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Server, until } from '../support/server.mjs';
import { freezeStandby, insist, killWhole, ready, twoCopies } from '../support/faults.mjs';
import * as record from '../api/record_world.mjs';

const server = new Server();
let practice, patient_id;
before(async () => {
  await server.start();
  practice = await record.layPractice(server, 'Cabinet');
  ({ patient_id } = await record.addPatient(practice));
  await standbyIsWhole();
});
after(() => server.stop());

const folder = (name) => path.join(server.data, name);
async function standbyIsWhole() {
  await twoCopies(server);
  await until(() => existsSync(folder('standby.whole')), 20, 'the standby was never called whole');
}
const fenced = async () => (await readdir(server.data)).filter((name) => name.startsWith('primary.fenced-'));
const open = async () => (await record.openConsultation(practice, patient_id)).consultation_id;
const history = async (id) => (await practice.client.get(
  `${practice.path}/revisions?subject_kind=consultation&subject_id=${id}&field=examen`)).body.items;
const save = (id, text, key) => practice.client.keyed(
  `${practice.path}/revisions`, record.saveOf('consultation', id, { examen: text }), key);
const isStandby = async () => (await server.psql('SELECT pg_is_in_recovery()')).trim() === 't';
const promote = (...words) => server.command('standby', 'promote', ...words).then(
  ({ stdout }) => ({ code: 0, said: stdout }), ({ code, stdout, stderr }) => ({ code, said: stdout + stderr }));

/** Devices that write until told to stop, each text under its own key until it is answered. */
function writers(ids) {
  let going = true;
  const stored = ids.map(() => []);
  const work = Promise.all(ids.map(async (id, i) => {
    for (let n = 0; going; ++n) {
      const text = `texte ${n}`;
      // One body a text: a retry is the same request.
      const body = record.saveOf('consultation', id, { examen: text });
      const key = randomUUID();
      const send = () => practice.client.keyed(`${practice.path}/revisions`, body, key).catch(() => ({ status: 503 }));
      const answer = (await insist(async () => {
        const each = await send();
        if (each.status === 503) await new Promise((resolve) => setTimeout(resolve, 100));
        return each;
      })).at(-1);
      assert.equal(answer.status, 201, answer.text);
      stored[i].push({ text, revision_id: answer.body.fields[0].revision_id, copies: answer.body.copies });
    }
  }));
  work.catch(() => (going = false));
  return { stored, count: () => stored.flat().length, stop: () => ((going = false), work) };
}

async function assertEverythingIsThere(ids, stored) {
  for (const [i, id] of ids.entries()) {
    const kept = (await history(id)).map(({ text, revision_id }) => ({ text, revision_id }));
    assert.deepEqual(kept, stored[i].map(({ text, revision_id }) => ({ text, revision_id })));
  }
}

/** The primary with all its processes dies, and its folder is what `damage` leaves of it. */
async function losePrimary(damage) {
  await killWhole(await server.pid('primary'));
  await damage(folder('primary'));
}

for (const [what, damage] of Object.entries({
  'is gone': (lost) => rm(lost, { recursive: true, force: true }),
  'is unreadable': (lost) => writeFile(path.join(lost, 'global', 'pg_control'), Buffer.alloc(8192, 0xff)),
})) {
  test(`a primary whose folder ${what} while devices write is replaced by its standby, and no text is missing or doubled`, async () => {
    const formerly = (await fenced()).length;
    const promotions = server.log.split('"promoted"').length;
    const ids = await Promise.all([1, 2, 3, 4].map(open));
    const devices = writers(ids);
    await until(() => devices.count() > 40, 30, 'nothing was saved');
    assert.ok(devices.stored.flat().some((each) => each.copies === 2));
    await losePrimary(damage);
    const formerPrimary = what === 'is gone' ? formerly : formerly + 1;
    await until(() => server.log.split('"promoted"').length > promotions, 30, 'nothing took its place');
    await ready(server);
    assert.equal((await fenced()).length, formerPrimary);
    assert.equal(await isStandby(), false);
    const sofar = devices.count();
    await until(() => devices.count() > sofar + 20, 30, 'saving never went on');
    await standbyIsWhole();
    await devices.stop();
    await assertEverythingIsThere(ids, devices.stored);
    assert.equal((await save(ids[0], 'de nouveau à deux')).body.copies, 2);
    const { stdout } = await server.command('verify').catch((failed) => assert.fail(failed.stdout + failed.stderr));
    assert.match(stdout, /primary: .*all open and match/);
    assert.match(stdout, /standby: .*all open and match/);
  });
}

test('while the primary answers, nothing is promoted', async () => {
  const { code, said } = await promote();
  assert.equal(code, 1);
  assert.match(said, /primary answers/);
  assert.equal(await isStandby(), false);
});

test('a standby that lacks words takes over only when told to, and keeps those called two copies', async () => {
  const told = server.log.length;
  const id = await open();
  const both = await save(id, 'à deux');
  assert.equal(both.body.copies, 2);
  const frozen = await freezeStandby(server);
  const alone = await until(async () => {
    const saved = await save(id, 'seul');
    return saved.status === 201 && saved;
  }, 20, 'saving never went on with one copy');
  assert.equal(alone.body.copies, 1);
  assert.equal(existsSync(folder('standby.whole')), false);
  const too_early = await promote('--force');
  assert.equal(too_early.code, 1, too_early.said);
  assert.match(too_early.said, /primary answers.*would lose/);
  await losePrimary((lost) => rename(lost, `${lost}.lost`));
  // Killed, not let go on: what the primary had sent it meanwhile waits in its socket.
  await killWhole(frozen.pids[0]);
  await until(() => /"event":"primary_lost"/.test(server.log.slice(told)), 20, 'the loss was never told');
  const refused = await promote();
  assert.equal(refused.code, 1);
  assert.match(refused.said, /one copy/);
  assert.ok(existsSync(folder('standby')), 'the standby is no longer in its place');

  const done = await promote('--force');
  assert.equal(done.code, 0, done.said);
  assert.match(done.said, /may be missing/);
  await ready(server);
  assert.deepEqual((await history(id)).map((each) => each.text), ['à deux']);
  // The device still has its text, and sends it again under its key.
  assert.equal((await save(id, 'seul')).status, 201);
  assert.deepEqual((await history(id)).map((each) => each.text), ['à deux', 'seul']);
  await rm(`${folder('primary')}.lost`, { recursive: true, force: true });
  await standbyIsWhole();
});

test('a data folder whose primary is gone starts from its standby', async () => {
  const id = await open();
  assert.equal((await save(id, 'avant')).body.copies, 2);
  await server.stop({ keep: true });
  const kept = await promote();
  assert.equal(kept.code, 1);
  assert.match(kept.said, /start manent serve/);
  await rm(folder('primary'), { recursive: true, force: true });
  await server.start();
  await ready(server);
  assert.deepEqual((await history(id)).map((each) => each.text), ['avant']);
  await standbyIsWhole();
});

test('a promotion by command without a keeper is found by the next start', async () => {
  const id = await open();
  assert.equal((await save(id, 'avant')).body.copies, 2);
  await server.stop({ keep: true });
  await rm(folder('primary'), { recursive: true, force: true });
  const done = await promote();
  assert.equal(done.code, 0, done.said);
  assert.match(done.said, /every word/);
  await server.start();
  await ready(server);
  assert.deepEqual((await history(id)).map((each) => each.text), ['avant']);
  await standbyIsWhole();
});

test('a promotion that was cut short is brought to its end by the next start', async () => {
  const id = await open();
  assert.equal((await save(id, 'avant')).body.copies, 2);
  await server.stop({ keep: true });
  await rm(folder('primary'), { recursive: true, force: true });
  await rename(folder('standby'), folder('primary'));
  await server.start();
  await ready(server);
  assert.equal(await isStandby(), false);
  assert.deepEqual((await history(id)).map((each) => each.text), ['avant']);
  await standbyIsWhole();
});

test('where both are gone no empty database takes their place', async () => {
  await server.stop({ keep: true });
  for (const name of ['primary', 'standby']) await rm(folder(name), { recursive: true, force: true });
  await assert.rejects(server.start(), /there is no standby/);
});
