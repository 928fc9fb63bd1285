// The backup: what was saved is brought back from the repository alone, with the exported key, at its end or at a moment
// before it; what is damaged or does not fit is named and not called good.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { open, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { Client, until } from '../support/server.mjs';
import { BackedUp } from '../support/backup.mjs';
import { addPatient, layPractice, openConsultation, save } from './record_world.mjs';

let backedUp, practice, consultation, exported;
const first = 'Toux depuis trois jours, fièvre à 38,5 °C, pas de dyspnée';
const second = `${first}. Revue ce soir : apyrétique, auscultation libre`;

before(async () => {
  backedUp = await BackedUp.start();
  const { server } = backedUp;
  practice = await layPractice(server, 'Cabinet');
  const { patient_id } = await addPatient(practice);
  consultation = (await openConsultation(practice, patient_id)).consultation_id;
  exported = path.join(backedUp.folder, 'exported-key.txt');
  await writeFile(exported, (await backedUp.command(['key', 'export'])).stdout);
  await backedUp.firstBackup();
});
after(() => backedUp.stop());

/** The consultation's motif in the installation that answers at `base`. */
async function motifAt(base) {
  const client = new Client(base);
  client.cookies.set('manent_session', practice.people.practitioner.token);
  const read = await client.get(`${practice.path}/consultations/${consultation}`);
  assert.equal(read.status, 200, read.text);
  return read.body.fields.motif.heads.map((each) => each.text).join(' ');
}

/** The last file below a folder whose path matches. */
async function fileBelow(folder, wanted) {
  const all = await readdir(folder, { recursive: true });
  const found = all.map((name) => path.join(folder, name)).sort().findLast((file) => wanted.test(file));
  assert.ok(found, `no such file in ${all.length} of ${folder}`);
  return found;
}

/** Changes one byte in the middle of a file; answers what puts it back. */
async function alter(file) {
  const handle = await open(file, 'r+');
  const at = Math.floor((await stat(file)).size / 2);
  const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, at);
  await handle.write(Buffer.from([buffer[0] ^ 1]), 0, 1, at);
  return async () => {
    await handle.write(buffer, 0, 1, at);
    await handle.close();
  };
}

const check = (...words) => backedUp.command(['backup', 'check', ...words]);

test('one is taken at once, by itself, and its secrets are in no argument, log or open file', async () => {
  const { server } = backedUp;
  const conf = path.join(server.data, 'backup/pgbackrest.conf');
  assert.equal((await stat(conf)).mode & 0o777, 0o600);
  const [, pass] = /cipher-pass=(\S+)/.exec(await readFile(conf, 'utf8'));
  for (const log of await readdir(path.join(server.data, 'logs')))
    assert.ok(!(await readFile(path.join(server.data, 'logs', log), 'utf8')).includes(pass), log);
  assert.ok(!server.log.includes(pass));
  assert.ok(!(await server.psql('SHOW archive_command')).includes(pass));
  assert.equal(await backedUp.metric('manent_archive_failing'), 0);
  const { code, printed } = await backedUp.command(['backup', 'list']);
  assert.equal(code, 0, printed);
  assert.match(printed, /^manent: 1 backup, archive up to [0-9A-F]{24}\n {2}\S+F {2}whole/m);
});

test('the drill finds every word saved until it began, with the exported key, and leaves nothing behind', async () => {
  const saved = await save(practice, 'consultation', consultation, { motif: first });
  assert.equal(saved.status, 201, saved.text);
  const now = await backedUp.command(['backup', 'now']);
  assert.equal(now.code, 0, now.printed);
  assert.match(now.printed, /incremental/);
  const later = { field: 'examen', text: 'Auscultation libre', bases: [] };
  assert.equal((await save(practice, 'consultation', consultation, [later])).status, 201);
  const { code, printed } = await check('--key', exported);
  assert.equal(code, 0, printed);
  assert.match(printed, /every file matches its checksum/);
  assert.match(printed, /replayed to its end, with all that was written before this drill began/);
  assert.match(printed, /restored: 2 revisions of 2 fields, \d+ bytes of text; all open and match/);
  assert.match(printed, /none of the running database's is missing/);
  const left = (await readdir(backedUp.server.data)).filter((name) => name.startsWith('backup-'));
  assert.deepEqual(left, []);
  // The copy went its own way without a trace in the repository.
  assert.ok(!(await readdir(path.join(backedUp.repository, 'archive/manent/15-1'))).some((name) => name.startsWith('00000002')));
});

test('the drill fails with another key', async () => {
  const wrong = path.join(backedUp.folder, 'wrong-key.txt');
  await writeFile(wrong, `${randomBytes(32).toString('base64url')}\n`);
  const { code, printed } = await check('--key', wrong);
  assert.equal(code, 1, printed);
  assert.match(printed, /does not open with this key/);
});

test('the drill fails when a file of the repository was altered, in a backup or in the archive', async (t) => {
  const drill = async (wanted, reason) => {
    const back = await alter(await fileBelow(backedUp.repository, wanted));
    const { code, printed } = await check('--key', exported);
    await back();
    assert.equal(code, 1, printed);
    assert.match(printed, /repository: FAILED, files do not match their checksums/);
    assert.match(printed, reason);
  };
  await t.test('backup', () => drill(/backup\/manent\/\S+F\/bundle\/1$/, /the backup cannot be restored/));
  await t.test('archive', () => drill(/000000010000\S+\.zst$/, /archive: FAILED, it could be replayed to .* only/));
});

test('a folder is made of the moment between two saves: the first is there, the second is not', async () => {
  const read = await practice.client.get(`${practice.path}/consultations/${consultation}`);
  const [head] = read.body.fields.motif.heads;
  const moment = (await backedUp.server.sql('SELECT clock_timestamp() AS at'))[0].at.replace(' ', 'T');
  const base = { revision_id: head.revision_id, digest: head.digest };
  const saved = await save(practice, 'consultation', consultation, [{ field: 'motif', text: second, bases: [base] }]);
  assert.equal(saved.status, 201, saved.text);
  assert.equal(await motifAt(backedUp.server.base), second);
  // What comes after the moment has to be in the archive for the moment to be reached.
  await backedUp.server.psql('SELECT pg_switch_wal()');
  const folder = path.join(backedUp.folder, 'then');
  const restored = await until(async () => {
    const made = await backedUp.command(['backup', 'restore', '--to', moment, '--key', exported], folder);
    return made.code === 0 && made;
  }, 30, 'never restored');
  assert.match(restored.printed, /restored: 2 revisions/);
  const then = await backedUp.serve(folder);
  assert.equal(await motifAt(then.base), first);
  assert.equal((await motifAt(then.base)).split(/\s+/).length, first.split(/\s+/).length);
  assert.equal((await then.command('verify')).stdout.match(/all open and match/g).length, 2);
  // It goes on with backups of its own, under a name of its own.
  await until(async () => /manent-\d{8}-\d{6}: 1 backup/.test((await backedUp.command(['backup', 'list'])).printed), 60, 'no backup of its own');
});

test('a restore refuses what would not be what was asked for', async () => {
  const refused = async (words, reason, folder = path.join(backedUp.folder, 'refused')) => {
    const { code, printed } = await backedUp.command(['backup', 'restore', ...words], folder);
    assert.notEqual(code, 0, printed);
    assert.match(printed, reason);
  };
  await refused(['--key', exported], /is not empty/, backedUp.server.data);
  await refused(['--key', exported, '--to', '2026-11-25 14:30'], /offset from UTC or Z/);
  await refused(['--key', exported, '--to', '2020-01-01T00:00:00Z', '--stanza', 'manent'], /oldest backup/);
  await refused(['--key', exported, '--to', '2199-01-01T00:00:00Z', '--stanza', 'manent'], /in the future/);
  await refused(['--key', exported], /choose one with --stanza \(manent, manent-/);
  await refused(['--key', exported, '--stanza', 'other'], /no backup of other/);
});
