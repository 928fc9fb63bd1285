// Saving what is typed: receipts that can be checked, texts that are only ever added, several heads, replays, limits.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { Server, until } from '../support/server.mjs';
import { addPatient, baseOf, digestOf, layPractice, openConsultation, save, saveOf } from './record_world.mjs';

const server = new Server();
let here;
let elsewhere;
let patient;
before(async () => {
  await server.start();
  here = await layPractice(server, 'Cabinet du Pin');
  elsewhere = await layPractice(server, 'Cabinet du Lac');
  patient = await addPatient(here);
  await until(async () => (await server.psql('SHOW synchronous_standby_names')).trim() === 'manent_standby', 30);
});
after(() => server.stop());

const open = async () => (await openConsultation(here, patient.patient_id)).consultation_id;
const read = async (id) => (await here.client.get(`${here.path}/consultations/${id}`)).body;
const history = async (id, field, kind = 'consultation') =>
  (await here.client.get(`${here.path}/revisions?subject_kind=${kind}&subject_id=${id}&field=${field}`)).body.items;

test('a receipt states what was stored: digests that the screen recomputes, two copies, places for what comes later', async () => {
  const id = await open();
  const texts = { motif: 'Toux depuis 3 jours', interrogatoire: '', examen: 'T° 38,2 — « râles » 🩺\u0000', conclusion: 'Ligne 1\r\nLigne 2\n' };
  const { status, body } = await save(here, 'consultation', id, texts);
  assert.equal(status, 201, JSON.stringify(body));
  assert.deepEqual([body.subject_kind, body.subject_id, body.practice_id, body.retracted], ['consultation', id, here.id, false]);
  assert.deepEqual([body.signature, body.log_promise], [null, null]);
  assert.deepEqual([body.copies, body.machines, body.where], [2, 1, 'same_disk']);
  assert.deepEqual(body.fields.map((each) => each.field), Object.keys(texts));
  for (const each of body.fields) {
    assert.equal(each.digest, digestOf(each.salt, texts[each.field]), each.field);
    assert.equal(Buffer.from(each.salt, 'base64url').length, 16);
    assert.deepEqual([each.heads, each.addendum], [[each.revision_id], false]);
  }
  const seen = await read(id);
  for (const [field, text] of Object.entries(texts)) {
    const [head] = seen.fields[field].heads;
    assert.deepEqual([head.text, head.digest, head.author_name], [text, digestOf(head.salt, text), 'Anne practitioner']);
    assert.equal(head.recorded_at, body.recorded_at);
  }
});

test('nothing of a text is readable in the database, on either server', async () => {
  const id = await open();
  const { body } = await save(here, 'consultation', id, { motif: 'Secret particulier' });
  for (const standby of [false, true]) {
    const rows = await until(async () => {
      const found = await server.sql(`SELECT r::text AS row FROM manent.revision r WHERE revision_id = '${body.fields[0].revision_id}'`, { standby });
      return found.length === 1 && found;
    });
    assert.doesNotMatch(rows[0].row, /particulier|706172746963756c696572/i);
  }
});

test('each save names its base, and the field has one head', async () => {
  const id = await open();
  let bases = [];
  for (const text of ['T', 'To', 'Toux']) {
    const { body } = await save(here, 'consultation', id, [{ field: 'motif', text, bases }]);
    bases = [baseOf(body, 'motif')];
    assert.deepEqual(body.fields[0].heads, [bases[0].revision_id]);
  }
  assert.deepEqual((await read(id)).fields.motif.heads.map((each) => each.text), ['Toux']);
  assert.deepEqual((await history(id, 'motif')).map((each) => each.text), ['T', 'To', 'Toux']);
});

test('two who write upon the same text both keep theirs, until one names both', async () => {
  const id = await open();
  const first = await save(here, 'consultation', id, [{ field: 'examen', text: 'commun', bases: [] }]);
  const bases = [baseOf(first.body, 'examen')];
  const mine = await save(here, 'consultation', id, [{ field: 'examen', text: 'le mien', bases }]);
  const theirs = await save(here, 'consultation', id, [{ field: 'examen', text: 'le sien', bases }]);
  assert.equal(theirs.status, 201);
  assert.deepEqual(theirs.body.fields[0].heads, [baseOf(mine.body, 'examen').revision_id, baseOf(theirs.body, 'examen').revision_id]);
  assert.deepEqual((await read(id)).fields.examen.heads.map((each) => each.text), ['le mien', 'le sien']);
  const both = [baseOf(mine.body, 'examen'), baseOf(theirs.body, 'examen')];
  const merged = await save(here, 'consultation', id, [{ field: 'examen', text: 'les deux', bases: both }]);
  assert.equal(merged.body.fields[0].heads.length, 1);
  assert.equal((await history(id, 'examen')).length, 4);
});

test('twenty who write at the same moment lose no text', async () => {
  const id = await open();
  const texts = Array.from({ length: 20 }, (_, i) => `texte ${i}`);
  const answers = await Promise.all(texts.map((text) => save(here, 'consultation', id, [{ field: 'motif', text, bases: [] }])));
  assert.deepEqual([...new Set(answers.map((each) => each.status))], [201]);
  const heads = (await read(id)).fields.motif.heads;
  assert.deepEqual(heads.map((each) => each.text).sort(), [...texts].sort());
  const most = answers.map((each) => each.body.fields[0].heads.length).sort((a, b) => a - b);
  assert.deepEqual(most, Array.from({ length: 20 }, (_, i) => i + 1));
});

test('a base that this server never saw is accepted', async () => {
  const id = await open();
  const known = await save(here, 'consultation', id, [{ field: 'motif', text: 'a', bases: [] }]);
  const bases = [{ revision_id: randomUUID(), digest: known.body.fields[0].digest }];
  const { status, body } = await save(here, 'consultation', id, [{ field: 'motif', text: 'b', bases }]);
  assert.equal(status, 201);
  assert.equal(body.fields[0].heads.length, 2);
  assert.deepEqual((await history(id, 'motif'))[1].bases, [bases[0].revision_id]);
});

test('heads are those of the definition, whatever bases are named', async () => {
  const id = await open();
  let seed = 20261122;
  const random = (below) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % below;
  const all = [];
  for (let i = 0; i < 40; i += 1) {
    const named = all.filter(() => random(4) === 0).slice(-16);
    const bases = named.map((each) => ({ revision_id: each.id, digest: each.digest }));
    const { body } = await save(here, 'consultation', id, [{ field: 'conclusion', text: `t${i}`, bases }]);
    const stated = body.fields[0];
    all.push({ id: stated.revision_id, digest: stated.digest, bases: named.map((each) => each.id) });
    const named_by_any = new Set(all.flatMap((each) => each.bases));
    assert.deepEqual(stated.heads, all.filter((each) => !named_by_any.has(each.id)).map((each) => each.id), `after ${i}`);
  }
});

test('a repeated request gets the same receipt, its copies counted anew, and stores nothing twice', async () => {
  const id = await open();
  const key = randomUUID();
  const body = saveOf('consultation', id, { motif: 'Une fois', conclusion: 'Deux' });
  const path = `${here.path}/revisions`;
  const [first, twin] = await Promise.all([here.client.keyed(path, body, key), here.client.keyed(path, body, key)]);
  assert.deepEqual([first.status, twin.status], [201, 201]);
  assert.deepEqual(first.body, twin.body);
  const before = await server.sql('SELECT pg_current_wal_lsn() AS at');
  const again = await here.client.keyed(path, body, key);
  assert.deepEqual(again.body, first.body);
  const [{ moved }] = await server.sql(`SELECT pg_current_wal_lsn() > '${before[0].at}' AS moved`);
  assert.equal(moved, true, 'the replay commits something of its own, so that its copies can be counted');
  assert.equal((await history(id, 'motif')).length, 1);
  const other = await here.client.keyed(path, saveOf('consultation', id, { motif: 'Autre chose' }), key);
  assert.deepEqual([other.status, other.body.code], [422, 'key_reused']);
  assert.equal((await history(id, 'motif')).length, 1);
});

test('a replay after the standby went away says one copy, and two again when it is back', async () => {
  const id = await open();
  const key = randomUUID();
  const body = saveOf('consultation', id, { motif: 'Copies' });
  const path = `${here.path}/revisions`;
  const receiver = Number((await server.psql('SELECT pid FROM pg_stat_wal_receiver', { standby: true })).trim());
  process.kill(receiver, 'SIGSTOP');
  try {
    const alone = await here.client.keyed(path, body, key);
    assert.equal(alone.status, 201, alone.text);
    assert.deepEqual([alone.body.copies, alone.body.where], [1, 'same_disk']);
    assert.equal((await here.client.keyed(path, body, key)).body.copies, 1);
  } finally {
    process.kill(receiver, 'SIGCONT');
  }
  await until(async () => (await server.psql('SHOW synchronous_standby_names')).trim() === 'manent_standby', 60);
  await until(async () => (await here.client.keyed(path, body, key)).body.copies === 2, 30);
});

test('full fields in the longest writing are stored; one more code point is refused with its limit', async () => {
  const id = await open();
  const full = '𝒜'.repeat(200_000);
  const escaped = (text) => JSON.stringify(text).replace(/[^\x20-\x7e]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const fields = ['motif', 'interrogatoire', 'examen', 'conclusion'];
  const written = JSON.stringify(saveOf('consultation', id, fields.map((field) => ({ field, text: `@${field}@`, bases: [] }))));
  const longest = fields.reduce((body, field) => body.replace(`"@${field}@"`, () => escaped(full)), written);
  assert.ok(longest.length > 9_500_000);
  const stored = await here.client.keyed(`${here.path}/revisions`, longest);
  assert.equal(stored.status, 201, stored.text.slice(0, 300));
  assert.equal((await read(id)).fields.examen.heads[0].text, full);
  const { status, body } = await save(here, 'consultation', id, { motif: `${full}x` });
  assert.equal(status, 400);
  assert.deepEqual(body.errors.map(({ path, code, limit }) => [path, code, limit]), [['/fields/0/text', 'too_long', 200_000]]);
  const huge = await here.client.keyed(`${here.path}/revisions`, ' '.repeat(10_000_001));
  assert.equal(huge.status, 413);
});

/** Sends bytes as they are and closes; answers the status line that came back, '' when none did. */
const sendRaw = (bytes) => new Promise((done) => {
  const { hostname, port } = new URL(server.base);
  const socket = connect(Number(port), hostname, () => socket.end(bytes));
  let heard = '';
  socket.on('data', (some) => (heard += some));
  socket.on('error', () => {});
  socket.on('close', () => done(heard.split('\r\n')[0]));
});

test('a body cut at each byte stores nothing, whether it says so or breaks off; the whole one is stored once', async () => {
  const id = await open();
  const body = Buffer.from(JSON.stringify(saveOf('consultation', id, { examen: 'Râle à 😷 l’écoute' })));
  const key = randomUUID();
  const request = (length, sent) => Buffer.concat([Buffer.from(`POST /api/v1${here.path}/revisions HTTP/1.1\r\nHost: localhost\r\n` +
    `Content-Type: application/json\r\nCookie: manent_session=${here.client.cookies.get('manent_session')}\r\n` +
    `Idempotency-Key: ${key}\r\nContent-Length: ${length}\r\nConnection: close\r\n\r\n`), body.subarray(0, sent)]);
  for (let cut = 0; cut < body.length; cut += 1) {
    const [whole, broken] = await Promise.all([sendRaw(request(cut, cut)), sendRaw(request(body.length, cut))]);
    assert.match(whole, /^HTTP\/1\.1 4\d\d /, `cut at ${cut}`);
    assert.doesNotMatch(broken, /^HTTP\/1\.1 [25]/, `broken off at ${cut}`);
  }
  assert.deepEqual(await history(id, 'examen'), []);
  assert.match(await sendRaw(request(body.length, body.length)), /^HTTP\/1\.1 201 /);
  assert.match(await sendRaw(request(body.length, body.length)), /^HTTP\/1\.1 201 /);
  assert.deepEqual((await history(id, 'examen')).map((each) => each.text), ['Râle à 😷 l’écoute']);
});

test('a device whose clock is years off is believed in nothing: the server’s time orders its texts', async () => {
  const id = await open();
  const from = Date.now();
  for (const [typed_at, text] of [['2099-12-31T23:59:59+01:00', 'un'], ['1970-01-01T00:00:00Z', 'un, deux']]) {
    const { status } = await save(here, 'consultation', id, [{ field: 'motif', text, typed_at }]);
    assert.equal(status, 201, text);
  }
  const items = await history(id, 'motif');
  assert.deepEqual(items.map((each) => each.text), ['un', 'un, deux']);
  for (const { recorded_at } of items) assert.ok(Math.abs(Date.parse(recorded_at) - from) < 3_600_000, recorded_at);
});

test('what cannot be placed is refused with the field named', async () => {
  const id = await open();
  const refused = async (fields, kind = 'consultation') => (await save(here, kind, id, fields)).body.errors?.map(({ path, code }) => [path, code]);
  assert.deepEqual(await refused([]), [['/fields', 'required']]);
  assert.deepEqual(await refused([{ field: 'allergies', text: 'x' }]), [['/fields/0/field', 'unknown_value']]);
  assert.deepEqual(await refused([{ field: 'motif', text: 'x' }, { field: 'motif', text: 'y' }]), [['/fields/1/field', 'duplicate']]);
  const bases = [{ revision_id: randomUUID(), digest: '*'.repeat(43) }];
  assert.deepEqual(await refused([{ field: 'motif', text: 'x', bases }]), [['/fields/0/bases/0/digest', 'not_a_digest']]);
  assert.deepEqual(await refused([{ field: 'motif', text: 'x', typed_at: 'hier' }]), [['/fields/0/typed_at', 'not_an_instant']]);
  const broken = await here.client.keyed(`${here.path}/revisions`, '{"subject_kind":"consultation","text":"\\ud800"}');
  assert.deepEqual([broken.status, broken.body.code], [400, 'invalid_json']);
  const keyless = await here.client.post(`${here.path}/revisions`, saveOf('consultation', id, { motif: 'x' }));
  assert.deepEqual([keyless.status, keyless.body.code], [400, 'key_missing']);
});

test('texts of a foreign practice are not there, to read or to write', async () => {
  const id = await open();
  const stored = await save(here, 'consultation', id, { motif: 'chez nous' });
  for (const [kind, subject] of [['consultation', id], ['patient', patient.patient_id], ['consultation', randomUUID()], ['consultation', patient.patient_id]]) {
    const field = kind === 'patient' ? 'allergies' : 'motif';
    const { status, body } = await save(elsewhere, kind, subject, [{ field, text: 'intrus', bases: [baseOf(stored.body, 'motif')] }]);
    assert.deepEqual([status, body.code], [404, 'not_found']);
    const asked = await elsewhere.client.get(`${elsewhere.path}/revisions?subject_kind=${kind}&subject_id=${subject}&field=${field}`);
    assert.deepEqual([asked.status, asked.body.code], [404, 'not_found']);
  }
  const through = await elsewhere.client.keyed(`${here.path}/revisions`, saveOf('consultation', id, { motif: 'intrus' }));
  assert.equal(through.status, 404);
  assert.equal((await history(id, 'motif')).length, 1);
});

test('what one person typed is not stored as another’s who took the desk meanwhile', async () => {
  const id = await open();
  const { practitioner, secretary } = here.people;
  const saveAs = (author) => practitioner.client.post(`${here.path}/revisions`, saveOf('consultation', id, { motif: 'Toux' }),
    { 'Idempotency-Key': randomUUID(), ...(author && { 'Manent-Author': author }) });
  for (const other of [secretary.id, 'nobody']) {
    const { status, body } = await saveAs(other);
    assert.deepEqual([status, body.code], [401, 'somebody_else'], other);
  }
  assert.deepEqual(await history(id, 'motif'), []);
  for (const author of [practitioner.id, practitioner.id.toUpperCase(), undefined]) assert.equal((await saveAs(author)).status, 201, author);
});

test('the texts of a file have heads of their own', async () => {
  const { status, body } = await save(here, 'patient', patient.patient_id, { allergies: 'Pénicilline', antecedents: 'Asthme' });
  assert.equal(status, 201);
  const file = (await here.client.get(`${here.path}/patients/${patient.patient_id}/record`)).body;
  assert.equal(file.fields.allergies.heads[0].text, 'Pénicilline');
  assert.equal(file.fields.antecedents.heads[0].revision_id, baseOf(body, 'antecedents').revision_id);
  assert.deepEqual(file.fields.treatments.heads, []);
  const [only] = await history(patient.patient_id, 'allergies', 'patient');
  assert.deepEqual([only.text, only.copies, only.typed_at], ['Pénicilline', 2, '2026-11-22T09:00:00Z']);
});

test('typing leaves one access event a minute, not one a save', async () => {
  const id = await open();
  for (const text of ['a', 'ab', 'abc']) await save(here, 'consultation', id, { motif: text });
  const events = await until(async () => {
    const rows = await server.sql(`SELECT action FROM manent.access_event WHERE what_id = '${id}' AND action = 'write'`);
    return rows.length > 0 && rows;
  });
  assert.ok(events.length <= 2, 'the opening, and the sitting');
});
