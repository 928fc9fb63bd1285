// Finding a practitioner: the published SAS bundles imported on the command line of a real installation, then places,
// specialties, the search and a practitioner's page over HTTP.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Client, Server, root, until } from '../support/server.mjs';

const server = new Server();
const bundle = (name) => path.join(root, 'data/sas', `Bundle-${name}.json`);
const individuals = bundle('ExampleBundlePSIndiv');
let client;

/** Runs `manent import sas`; a refusal's exit status is an answer too. */
const importSas = (...args) =>
  server.command('import', 'sas', ...args).then(
    ({ stdout }) => ({ code: 0, stdout, stderr: '' }),
    ({ code, stdout, stderr }) => ({ code, stdout, stderr }),
  );
const find = (query) => client.get(`/practitioners?${new URLSearchParams(query)}`);
const names = async (query) => (await find(query)).body.items.map((each) => each.name);
const counts = async () =>
  (await server.sql(`SELECT (SELECT count(*) FROM manent.practice) AS practices,
    (SELECT count(*) FROM manent.practitioner) AS practitioners, (SELECT count(*) FROM manent.site) AS sites,
    (SELECT count(*) FROM manent.agenda) AS agendas, (SELECT count(*) FROM manent.motive) AS motives,
    (SELECT count(*) FROM manent.opening) AS openings,
    (SELECT sum(schedule_version) FROM manent.agenda) AS versions`))[0];

before(async () => {
  await server.start();
  client = new Client(server.base);
});
after(() => server.stop());

test('the published examples are imported into a running installation and found at once', async () => {
  const done = await importSas(individuals, '--shift');
  assert.equal(done.code, 0);
  assert.match(done.stdout, /^Read 2 practitioners \(2 new\), 2 places \(2 new\), 3 agendas \(3 new\), 4 free slots \(3 new\)\.$/m);
  // Two of the published numbers have a wrong key: kept, and said.
  assert.equal(done.stdout.match(/^warning .*the key of this RPPS number is wrong/gm).length, 2);
  assert.match(done.stdout, /^warning .*Slot\/ExampleSlotPSIndiv2 .*come without booking/m);
  for (const other of ['ExampleBundleAgregateurSOS', 'ExampleBundleCPTS'])
    assert.equal((await importSas(bundle(other), '--shift')).code, 0);
  await until(async () => (await names({})).length === 5, 10, 'the imported practitioners and organisations are not found');
});

test('SOS Médecins, which has no practitioner, is found by name, specialty and place, and says what it is', async () => {
  for (const query of ['name=sos%20m%C3%A9decins', 'specialty=general-practice&place=35238']) {
    const { body } = await client.get(`/practitioners?${query}`);
    const found = body.items.find((each) => each.name === 'SOS Médecins de Rennes');
    assert.ok(found, query);
    assert.equal(found.practitioner_id, null);
    assert.ok(found.next_slots.length > 0 || found.motive_id !== null, query);
    const page = await client.get(`/organisations/${found.practice_id}`);
    assert.equal(page.status, 200, page.text);
    assert.equal(page.body.name, 'SOS Médecins de Rennes');
    assert.equal(page.body.practitioner_id, null);
    assert.ok(page.body.agendas.some((each) => each.agenda_id === found.agenda_id && each.motives.length > 0));
  }
  assert.equal((await client.get(`/organisations/${randomUUID()}`)).status, 404);
});

test('the same bundle again changes nothing', async () => {
  const before = await counts();
  const again = await importSas(individuals, '--shift');
  assert.match(again.stdout, /2 practitioners \(0 new\), 2 places \(0 new\), 3 agendas \(0 new\), 4 free slots \(0 new\)/);
  assert.deepEqual(await counts(), before);
});

test('a broken bundle: each bad entry is listed with its reason, the rest is imported', async () => {
  const broken = JSON.parse(await readFile(individuals, 'utf8'));
  const slots = broken.entry.filter((each) => each.resource.resourceType === 'Slot');
  slots[0].resource.end = slots[0].resource.start;
  slots[2].resource.schedule.reference = 'Schedule/none';
  slots[3].resource.start = '2021-11-04T16:40:00.000+00:00';
  slots[3].resource.end = '2021-11-04T17:00:00.000+00:00';
  broken.entry.push('no entry');
  const file = path.join(server.data, 'broken.json');
  await writeFile(file, JSON.stringify(broken));
  const before = await counts();
  const done = await importSas(file, '--shift');
  assert.equal(done.code, 2);
  assert.match(done.stdout, /^refused .*Slot\/ExampleSlotPSIndiv1 \/entry\/0\/resource\/end: it ends before it starts$/m);
  assert.match(done.stdout, /^refused .*Slot\/ExampleSlotPSIndiv3 \/entry\/7\/resource\/schedule: the bundle holds nothing/m);
  assert.match(done.stdout, /^refused {2}\/entry\/\d+: an object is expected here$/m);
  const after = await counts();
  assert.equal(Number(after.openings), Number(before.openings) + 1);
  assert.equal(after.practitioners, before.practitioners);
});

test('what is no bundle is refused whole, with its line', async () => {
  const file = path.join(server.data, 'torn.json');
  await writeFile(file, '{\n"resourceType": "Bundle",\n"entry": [\n');
  const torn = await importSas(file);
  assert.equal(torn.code, 1);
  assert.match(torn.stderr, /nothing was imported: this is not JSON \(line 4\)/);
  await writeFile(file, '{"resourceType":"Patient"}');
  assert.match((await importSas(file)).stderr, /no FHIR Bundle/);
  assert.match((await importSas('/nowhere.json')).stderr, /cannot read \/nowhere\.json/);
});

test('who practises several specialties is shown with the one that was looked for', async () => {
  const { body } = await find({ place: '47001', specialty: 'general-practice' });
  const marcel = body.items.find((each) => each.name === 'Dr Guillaume Marcel');
  assert.deepEqual([marcel.specialty, marcel.specialty_label], ['general-practice', 'Médecin généraliste']);
});

test('nearest first around a place, with the next free times', async () => {
  const { status, body } = await find({ place: '47001' });
  assert.equal(status, 200);
  assert.equal(body.total, 5);
  assert.equal(body.place.name, 'Agen');
  assert.deepEqual(body.items.slice(0, 3).map((each) => each.name), ['Dr Guillaume Marcel', 'Dr Sébastien Thomas', 'Dr Pierre Foret']);
  const [marcel, , foret] = body.items;
  assert.equal(marcel.specialty, 'pneumology');
  assert.equal(marcel.specialty_label, 'Pneumologue');
  assert.deepEqual(marcel.site.lines, ['1 rue Mme Delmas']);
  assert.equal(marcel.site.city, 'Agen');
  assert.equal(marcel.distance_km, 0);
  assert.ok(foret.distance_km > 50 && foret.distance_km < 100, `${foret.distance_km}`);
  assert.ok(marcel.motive_id);
  // Thursday 15:20 in Paris, as published, a whole number of weeks later.
  assert.match(marcel.next_slots[0], /T15:20:00\+0[12]:00$/);
  assert.equal(new Date(marcel.next_slots[0]).getUTCDay(), 4);
});

test('by specialty, name, practice and filters', async () => {
  assert.deepEqual(await names({ specialty: 'pneumology' }), ['Dr Guillaume Marcel']);
  assert.deepEqual((await names({ specialty: 'general-practice', place: '31032' })).slice(0, 3), ['Dr Pierre Foret', 'Dr Guillaume Marcel', 'Dr Sébastien Thomas']);
  assert.deepEqual(await names({ name: 'sebastien THO' }), ['Dr Sébastien Thomas']);
  assert.deepEqual(await names({ name: 'mounestie' }), ['Dr Pierre Foret']);
  assert.deepEqual(await names({ name: 'pneumo' }), ['Dr Guillaume Marcel']);
  assert.deepEqual(await names({ name: 'nobody' }), []);
  assert.deepEqual(await names({ modality: 'home' }), ['Dr Guillaume Marcel']);
  assert.deepEqual(await names({ language: 'es' }), []);
  assert.deepEqual(await names({ sector: 'c1' }), []);
  const page = await find({ limit: '1', offset: '1' });
  assert.equal(page.body.total, 5);
  assert.equal(page.body.items.length, 1);
});

test('around coordinates, which are finer than the place', async () => {
  const { body } = await find({ place: '47001', latitude: '43.68', longitude: '1.32' });
  assert.equal(body.items[0].name, 'Dr Pierre Foret');
  assert.ok(body.items[0].distance_km < 1);
});

test('every wrong part of a search is named', async () => {
  const { status, body } = await find({
    specialty: 'astrology', place: '00000', latitude: 'north', modality: 'by_owl', known: 'maybe', sector: 'c9', limit: '21',
    offset: '-1',
  });
  assert.equal(status, 400);
  assert.equal(body.code, 'invalid_request');
  assert.deepEqual(body.errors.map((each) => each.path).sort(), [
    '/known', '/latitude', '/limit', '/modality', '/offset', '/place', '/sector', '/specialty',
  ]);
  for (const each of body.errors) assert.ok(each.detail, each.path);
  assert.equal((await find({ latitude: '44' })).body.errors[0].path, '/longitude');
  assert.equal((await find({ latitude: 'nan', longitude: '1' })).status, 400);
  assert.equal((await find({ name: 'x'.repeat(101) })).body.errors[0].code, 'too_long');
});

test("a practitioner's page, in three languages", async () => {
  const found = (await find({ specialty: 'pneumology' })).body.items[0];
  const { status, body } = await client.get(`/practitioners/${found.practitioner_id}`);
  assert.equal(status, 200);
  assert.equal(body.name, 'Dr Guillaume Marcel');
  assert.equal(body.agendas.length, 1);
  assert.equal(body.agendas[0].agenda_id, found.agenda_id);
  assert.equal(body.agendas[0].site.phone, '+33658913859');
  const motive = body.agendas[0].motives.find((each) => each.motive_id === found.motive_id);
  assert.equal(motive.duration_min, 20);
  for (const [language, label] of [['en', 'Pulmonologist'], ['es', 'Neumólogo']]) {
    const other = await new Client(server.base, { language }).get(`/practitioners/${found.practitioner_id}`);
    assert.equal(other.body.specialty_label, label);
  }
  assert.equal((await client.get('/practitioners/01a201b4-f3bc-7e5b-bbf6-000000000000')).status, 404);
  assert.equal((await client.get('/practitioners/nonsense')).status, 404);
});

test('places by the beginning of a name or postal code', async () => {
  const places = async (q) => (await client.get(`/places?${new URLSearchParams({ q })}`)).body.items;
  assert.deepEqual((await places('st etienne'))[0], {
    insee: '42218', name: 'Saint-Étienne', postal_code: '42000', departement: 'Loire', latitude: 45.43389, longitude: 4.39,
  });
  assert.equal((await places('47000'))[0].name, 'Agen');
  assert.equal((await places('paris 11'))[0].insee, '75111');
  assert.equal((await places('a')).length, 8);
  assert.deepEqual(await places(''), []);
  assert.deepEqual(await places('xyzzy'), []);
  assert.equal((await client.get('/places')).status, 200);
});

test('specialties, the common ones first', async () => {
  const { body } = await client.get('/specialties');
  assert.deepEqual(body.items[0], { specialty: 'general-practice', label: 'Médecin généraliste', common: true, tint: 1, title: 'Dr' });
  assert.ok(body.items.filter((each) => each.common).length >= 7);
  assert.equal(new Set(body.items.map((each) => each.specialty)).size, body.items.length);
});

test('what a practice changes is found as it is now', async () => {
  const [{ practice_id, agenda_id }] = await server.sql(
    `SELECT a.practice_id, a.agenda_id FROM manent.agenda a JOIN manent.practitioner p USING (practitioner_id)
     WHERE p.family_name = 'Foret'`);
  await server.psql(`SET row_security = off;
    UPDATE manent.practice SET name = 'Cabinet des Tilleuls' WHERE practice_id = '${practice_id}';
    INSERT INTO manent.outbox (practice_id, kind, agenda_id) VALUES ('${practice_id}', 'agenda_schedule', '${agenda_id}')`);
  await until(async () => (await names({ name: 'tilleuls' })).length === 1, 10, 'the new name is not found');
});
