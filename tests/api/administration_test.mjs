// Setting a practice up: sites, practitioners, agendas and accounts, by its administrator; and what keeps an entry of the
// directory, which practices share, from being written over by another practice.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomUUID } from 'node:crypto';
import { Client, Server, until } from '../support/server.mjs';
import { accountWish, letters, newPractice, signedInMember } from '../support/people.mjs';

const server = new Server();
const a = {}, b = {};
const rpps = '10100050078';
const site = (more = {}) => ({ name: 'Cabinet du Port', lines: ['12 rue des Quais'], postal_code: '47000', insee: '47001', phone: '05 53 00 00 00', ...more });
const entry = (more = {}) => ({ national_number: null, title: 'Dr', given_name: 'Ana', family_name: 'Costa', specialties: ['general-practice'],
  sector: 'c1', languages: ['fr', 'pt'], ...more });
const at = (of, path) => `/practices/${of.practice}${path}`;
const codes = (answer) => (answer.body.errors ?? []).map((each) => `${each.path} ${each.code}`);

before(async () => {
  await server.start();
  for (const [of, name] of [[a, 'Cabinet du Port'], [b, 'Cabinet de la Gare']]) {
    of.practice = await newPractice(server, name);
    of.chief = await signedInMember(server, of.practice, 'administrator');
    of.other = await signedInMember(server, of.practice, 'secretary');
  }
});
after(() => server.stop());

test('a site takes its place and zone from the commune; what is wrong is named', async () => {
  const refused = await a.chief.keyed(at(a, '/sites'), site({ postal_code: '4700A', insee: '99999', time_zone: 'Europe/Agen' }));
  assert.deepEqual(codes(refused), ['/postal_code not_a_postal_code', '/insee unknown_value', '/time_zone unknown_value']);
  assert.deepEqual(codes(await a.chief.keyed(at(a, '/sites'), site({ name: ' ' }))), ['/name required']);
  const key = randomUUID();
  const added = await a.chief.keyed(at(a, '/sites'), site(), key);
  assert.equal(added.status, 201, added.text);
  assert.equal(added.body.city, 'Agen');
  assert.equal(added.body.time_zone, 'Europe/Paris');
  a.site = added.body.site_id;
  const again = await a.chief.keyed(at(a, '/sites'), site(), key);
  assert.equal(again.body.site_id, a.site);
  assert.equal((await a.other.get(at(a, '/sites'))).body.items.length, 1);
  const [{ latitude }] = await server.sql(`SELECT latitude FROM manent.site WHERE site_id = '${a.site}'`);
  assert.ok(latitude > 44 && latitude < 45);
  const reunion = await b.chief.keyed(at(b, '/sites'), site({ postal_code: '97400', insee: '97411' }));
  assert.equal(reunion.body.time_zone, 'Indian/Reunion');
  b.site = reunion.body.site_id;
});

test('only an administrator of the practice sets it up', async () => {
  assert.equal((await a.other.keyed(at(a, '/sites'), site())).status, 403);
  assert.equal((await a.other.keyed(at(a, '/practitioners'), { ...entry(), site_id: a.site, tint: 1 })).status, 403);
  assert.equal((await a.other.keyed(at(a, '/agendas'), { site_id: a.site, name: 'Salle 1', tint: 1 })).status, 403);
  assert.equal((await b.chief.keyed(at(a, '/sites'), site())).status, 404);
  assert.equal((await b.chief.put(at(b, `/sites/${a.site}`), { ...site(), version: 1 })).status, 404);
  // Another practice's site is no place for an agenda.
  assert.equal((await b.chief.keyed(at(b, '/agendas'), { site_id: a.site, name: 'Salle 1', tint: 1 })).status, 404);
});

test('a site is corrected once: who saw the former one is told', async () => {
  const changed = await a.chief.put(at(a, `/sites/${a.site}`), { ...site({ access: 'Interphone 3, 2e étage' }), version: 1 });
  assert.equal(changed.status, 200, changed.text);
  assert.equal(changed.body.version, 2);
  const late = await a.chief.put(at(a, `/sites/${a.site}`), { ...site(), version: 1 });
  assert.equal(late.status, 409);
  assert.equal(late.body.code, 'stale');
  assert.equal(late.body.version, 2);
});

test('a practitioner is added once, with an agenda; a wrong key, an unknown specialty and a blank name are named', async () => {
  const wish = { ...entry({ national_number: '1000 267 3899', specialties: ['surgeon'], languages: [] }), site_id: a.site, tint: 1 };
  const refused = await a.chief.keyed(at(a, '/practitioners'), wish);
  assert.deepEqual(codes(refused), ['/national_number wrong_key', '/specialties/0 unknown_value', '/languages required']);
  assert.deepEqual(codes(await a.chief.keyed(at(a, '/practitioners'), { ...wish, given_name: ' ' })), ['/given_name required']);
  const malformed = await a.chief.keyed(at(a, '/practitioners'), { ...wish, national_number: '810100050078' });
  assert.match(codes(malformed)[0], /national_number not_a_national_number/);
  const key = randomUUID();
  const good = { ...entry({ national_number: '10100 050 078' }), site_id: a.site, tint: 2 };
  const added = await a.chief.keyed(at(a, '/practitioners'), good, key);
  assert.equal(added.status, 201, added.text);
  assert.deepEqual((await a.chief.keyed(at(a, '/practitioners'), good, key)).body, added.body);
  Object.assign(a, added.body);
  const { body } = await a.other.get(at(a, '/practitioners'));
  assert.equal(body.items.length, 1);
  assert.equal(body.items[0].name, 'Dr Ana Costa');
  assert.equal(body.items[0].national_number, rpps);
  assert.deepEqual(body.items[0].kept_by, ['Cabinet du Port']);
  assert.equal(body.items[0].may_change, false);
  assert.equal((await a.chief.get(at(a, '/practitioners'))).body.items[0].may_change, true);
  const agendas = (await a.chief.get(at(a, '/agendas'))).body.items;
  assert.equal(agendas[0].name, 'Dr Ana Costa');
  assert.equal(agendas[0].practitioner_id, a.practitioner_id);
});

test('a number that is known is answered with whose it is, and that practitioner gets an agenda instead', async () => {
  const twice = await b.chief.keyed(at(b, '/practitioners'), { ...entry({ national_number: rpps, family_name: 'Autre' }), site_id: b.site, tint: 1 });
  assert.equal(twice.status, 409, twice.text);
  assert.equal(twice.body.code, 'number_known');
  assert.equal(twice.body.practitioner_id, a.practitioner_id);
  assert.equal(twice.body.name, 'Dr Ana Costa');
  const opened = await b.chief.keyed(at(b, '/agendas'), { site_id: b.site, practitioner_id: a.practitioner_id, name: 'Dr Costa', tint: 1 });
  assert.equal(opened.status, 201, opened.text);
  b.agenda = opened.body.agenda_id;
  const [{ count }] = await server.sql(`SELECT count(*) FROM manent.practitioner`);
  assert.equal(count, 1);
});

test('the entry is changed by the practice that keeps it and by nobody else', async () => {
  const wish = { ...entry({ national_number: rpps, family_name: 'Costa Lima' }), version: 1, presentation: 'Médecine du sport.' };
  const stranger = await b.chief.put(at(b, `/practitioners/${a.practitioner_id}`), wish);
  assert.equal(stranger.status, 403);
  assert.equal(stranger.body.code, 'kept_elsewhere');
  // Calling oneself the practitioner in one's own practice opens nothing either.
  const self = (await b.chief.get(at(b, '/members'))).body.items.find((each) => each.is_self);
  assert.equal((await b.chief.put(at(b, `/members/${self.membership_id}`), { practitioner_id: a.practitioner_id })).status, 204);
  assert.equal((await b.chief.put(at(b, `/practitioners/${a.practitioner_id}`), wish)).status, 403);
  assert.equal((await a.other.put(at(a, `/practitioners/${a.practitioner_id}`), wish)).status, 403);
  const changed = await a.chief.put(at(a, `/practitioners/${a.practitioner_id}`), wish);
  assert.equal(changed.status, 200, changed.text);
  assert.equal(changed.body.name, 'Dr Ana Costa Lima');
  assert.equal((await a.chief.put(at(a, `/practitioners/${a.practitioner_id}`), wish)).body.code, 'stale');
  const other = await a.chief.put(at(a, `/practitioners/${a.practitioner_id}`), { ...wish, national_number: '10003004008', version: 2 });
  assert.equal(other.body.code, 'number_stays');
  const kept = await server.sql(`SELECT version, entry->>'family_name' AS name FROM manent.practitioner_change ORDER BY version`);
  assert.deepEqual(kept, [{ version: 1, name: 'Costa' }, { version: 2, name: 'Costa Lima' }]);
  await assert.rejects(server.psql('DELETE FROM manent.practitioner_change'), /only grows/);
  for (const statement of [`UPDATE manent.practitioner SET family_name = 'x'`, `INSERT INTO manent.practitioner_change VALUES (gen_random_uuid(), 1, now(), NULL, '{}')`])
    await assert.rejects(server.psql(statement, { role: 'manent_app' }), /permission denied/);
});

test('an entry whose keeper has closed the agenda is taken over by who still has one', async () => {
  const close = (of, agenda, name, closed) => of.chief.put(at(of, `/agendas/${agenda}`), { name, tint: 1, closed });
  assert.equal((await close(a, a.agenda_id, 'Dr Ana Costa', true)).status, 200);
  const wish = { ...entry({ national_number: rpps, family_name: 'Costa' }), version: 2 };
  assert.equal((await b.chief.put(at(b, `/practitioners/${a.practitioner_id}`), wish)).status, 200);
  assert.equal((await close(a, a.agenda_id, 'Dr Ana Costa', false)).status, 200);
  assert.equal((await b.chief.put(at(b, `/practitioners/${a.practitioner_id}`), { ...wish, version: 3 })).status, 403);
});

test('a closed agenda is found by no patient and takes no visit, and what is booked stays', async () => {
  const motive = await a.chief.post(at(a, '/motives'), { agenda_ids: [a.agenda_id], label: 'Consultation', duration_min: 20, modality: 'in_practice',
    admits: 'both', earliest_min: 0, latest_days: 90, cancel_min: 0, tint: 1, sign: 'C', instructions: '', public: true });
  assert.equal(motive.status, 201, motive.text);
  const { motive_id } = motive.body;
  const openings = await a.chief.get(at(a, `/agendas/${a.agenda_id}/openings`));
  const items = [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, start: '00:00', end: '24:00', motive_ids: [motive_id], audience: 'public', capacity: 1 }));
  assert.equal((await a.chief.put(at(a, `/agendas/${a.agenda_id}/openings`), { schedule_version: openings.body.schedule_version, items })).status, 200);
  const anyone = new Client(server.base);
  const found = async () => (await anyone.get('/practitioners?specialty=general-practice&place=47001')).body.items;
  await until(async () => (await found()).some((each) => each.agenda_id === a.agenda_id && each.next_slots.length > 0));
  const patient = await a.chief.keyed(at(a, '/patients'), { birth_name: 'MARTIN', given_names: 'Louise', birth_date: '1984-03-12', sex: 'female' });
  assert.equal(patient.status, 201, patient.text);
  const starts_at = new Date(Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 86_400_000).toISOString();
  const visit = { agenda_id: a.agenda_id, motive_id, patient_id: patient.body.patient_id, starts_at };
  assert.equal((await a.chief.keyed(at(a, '/appointments'), visit)).status, 201);
  const closed = await a.chief.put(at(a, `/agendas/${a.agenda_id}`), { name: 'Dr Costa, départ', tint: 3, closed: true });
  assert.equal(closed.status, 200, closed.text);
  assert.equal(closed.body.upcoming, 1);
  assert.equal(closed.body.agenda.closed, true);
  await until(async () => !(await found()).some((each) => each.agenda_id === a.agenda_id));
  // The day where the practice is: late in the evening it is another than in UTC.
  const day = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Paris' }).format(new Date(starts_at));
  const slots = await anyone.get(`/agendas/${a.agenda_id}/slots?motive=${motive_id}&from=${day}&to=${day}`);
  assert.deepEqual(slots.body.days, []);
  const late = new Date(Date.parse(starts_at) + 7_200_000).toISOString();
  const refused = await a.chief.keyed(at(a, '/appointments'), { ...visit, starts_at: late, overbook: true });
  assert.equal(refused.body.code, 'agenda_closed', refused.text);
  const schedule = await a.chief.get(at(a, `/schedule?from=${day}&to=${day}`));
  assert.equal(schedule.body.appointments.length, 1);
  assert.equal((await a.chief.put(at(a, `/agendas/${a.agenda_id}`), { name: 'Dr Costa', tint: 3, closed: false })).status, 200);
  await until(async () => (await found()).some((each) => each.agenda_id === a.agenda_id && each.next_slots.length > 0));
});

test('a member becomes the practitioner, is invited as one, and is taken out of the practice', async () => {
  const members = async () => (await a.chief.get(at(a, '/members'))).body.items;
  const self = (await members()).find((each) => each.is_self);
  const link = (membership, practitioner_id, by = a.chief) => by.put(at(a, `/members/${membership}`), { practitioner_id });
  assert.equal((await link(self.membership_id, a.practitioner_id, a.other)).status, 403);
  assert.equal((await link(self.membership_id, randomUUID())).status, 404);
  assert.equal((await link(self.membership_id, a.practitioner_id)).status, 204);
  const session = await a.chief.get('/session');
  assert.equal(session.body.memberships.find((each) => each.practice_id === a.practice).practitioner_id, a.practitioner_id);
  const invitation = { email: 'ana.costa@exemple.fr', given_name: 'Ana', family_name: 'Costa', role: 'practitioner', practitioner_id: a.practitioner_id };
  assert.equal((await a.chief.post(at(a, '/members'), invitation)).body.code, 'already_linked');
  assert.equal((await link(self.membership_id, null)).status, 204);
  const invited = await a.chief.post(at(a, '/members'), invitation);
  assert.equal(invited.status, 201, invited.text);
  assert.equal(invited.body.practitioner_id, a.practitioner_id);
  const end = (membership, by = a.chief) => by.delete(at(a, `/members/${membership}`));
  assert.equal((await end(invited.body.membership_id, a.other)).status, 403);
  assert.equal((await end(self.membership_id)).status, 404, 'an administrator stays');
  assert.equal((await end(invited.body.membership_id)).status, 204);
  const other = (await members()).find((each) => each.role === 'secretary');
  assert.equal((await a.other.get(at(a, '/sites'))).status, 200);
  assert.equal((await end(other.membership_id)).status, 204);
  assert.equal((await a.other.get(at(a, '/sites'))).status, 404);
});

test('a practice is renamed by its administrator: its name and telephone stand everywhere at once', async () => {
  const of = { practice: await newPractice(server, 'Cabinet Doz') };
  of.chief = await signedInMember(server, of.practice, 'administrator');
  of.other = await signedInMember(server, of.practice, 'secretary');
  const { body: before } = await of.other.get(at(of, ''));
  assert.deepEqual(before, { practice_id: of.practice, name: 'Cabinet Doz', phone: '', session_minutes: 720, version: 1 });
  const wish = (more = {}) => ({ name: 'Cabinet d’Oz', phone: '05 53 11 22 33', session_minutes: 480, version: 1, ...more });

  assert.deepEqual(codes(await of.chief.put(at(of, ''), wish({ name: ' ' }))), ['/name required']);
  assert.deepEqual(codes(await of.chief.put(at(of, ''), wish({ name: 'x'.repeat(201), session_minutes: 4 }))), ['/name too_long', '/session_minutes too_small']);
  assert.deepEqual(codes(await of.chief.put(at(of, ''), wish({ phone: 'demander Zoé' }))), ['/phone not_a_phone']);
  assert.equal((await of.other.put(at(of, ''), wish())).status, 403);
  assert.equal((await a.chief.put(at(of, ''), wish())).status, 404);
  assert.equal((await a.chief.get(at(of, ''))).status, 404);
  assert.deepEqual((await of.other.get(at(of, ''))).body, before, 'a refusal changes nothing');

  // A site without a telephone, so that the practice's is the one to call; an agenda that patients find.
  const { site_id } = (await of.chief.keyed(at(of, '/sites'), site({ phone: '' }))).body;
  const { agenda_id, practitioner_id } = (await of.chief.keyed(at(of, '/practitioners'), { ...entry({ family_name: 'Zimmer' }), site_id, tint: 1 })).body;
  const changed = await of.chief.put(at(of, ''), wish({ name: ' Cabinet d’Oz ' }));
  assert.deepEqual(changed.body, { practice_id: of.practice, ...wish(), version: 2 }, changed.text);

  // The menus of those who are signed in, whatever was remembered of their sessions.
  for (const each of [of.chief, of.other])
    assert.equal((await each.get('/session')).body.memberships.find((one) => one.practice_id === of.practice).practice_name, 'Cabinet d’Oz');
  const anyone = new Client(server.base);
  const [there] = (await anyone.get(`/practitioners/${practitioner_id}`)).body.agendas;
  assert.equal(there.practice_name, 'Cabinet d’Oz');
  assert.equal(there.site.phone, '05 53 11 22 33');
  await until(async () => (await anyone.get('/practitioners?name=Zimmer')).body.items[0]?.practice_name === 'Cabinet d’Oz');
  assert.equal((await anyone.get('/practitioners?name=Zimmer')).body.items[0].agenda_id, agenda_id);

  const late = await of.chief.put(at(of, ''), wish({ name: 'Cabinet Oz' }));
  assert.equal(late.status, 409);
  assert.equal(late.body.code, 'stale');
  assert.equal(late.body.version, 2);
  const again = await of.chief.put(at(of, ''), wish({ phone: null, version: 2 }));
  assert.equal(again.body.phone, '', again.text);
  const kept = await server.sql(`SELECT version, details->>'name' AS name, changed_by IS NOT NULL AS by_somebody FROM manent.practice_change
                                 WHERE practice_id = '${of.practice}' ORDER BY version`);
  assert.deepEqual(kept, [{ version: 1, name: 'Cabinet Doz', by_somebody: false }, { version: 2, name: 'Cabinet d’Oz', by_somebody: true },
    { version: 3, name: 'Cabinet d’Oz', by_somebody: true }]);
  await assert.rejects(server.psql('DELETE FROM manent.practice_change'), /only grows/);
});

test('a practitioner is told, in their language, of an agenda that somebody else opens in their name', async () => {
  const elsewhere = await newPractice(server, 'Maison de santé du Lac');
  const added = await a.chief.keyed(at(a, '/practitioners'), { ...entry({ family_name: 'Ruiz' }), site_id: a.site, tint: 1 });
  const { practitioner_id } = added.body;
  const ruiz = await signedInMember(server, elsewhere, 'practitioner', accountWish({ language: 'es' }));
  await server.psql(`UPDATE manent.membership SET practitioner_id = '${practitioner_id}' WHERE person_id = '${ruiz.person_id}'`);
  const told = async () => (await letters(server, ruiz.email)).filter((each) => /agenda/.test(each.subject));
  const open_agenda = (more = {}, key = randomUUID()) =>
    b.chief.keyed(at(b, '/agendas'), { site_id: b.site, practitioner_id, name: 'Dr Ruiz', tint: 1, ...more }, key);

  // Nothing is opened, nothing is told.
  assert.equal((await open_agenda({ site_id: a.site })).status, 404);
  assert.equal((await b.other.keyed(at(b, '/agendas'), { site_id: b.site, practitioner_id, name: 'Dr Ruiz', tint: 1 })).status, 403);
  assert.deepEqual(await told(), []);

  const key = randomUUID();
  assert.equal((await open_agenda({}, key)).status, 201);
  assert.equal((await open_agenda({}, key)).status, 201);
  const [letter, second] = await told();
  assert.equal(second, undefined, 'repeated under its key it is told once');
  assert.equal(letter.subject, 'Se ha abierto una agenda a su nombre');
  assert.match(letter.body, /Cabinet de la Gare\n12 rue des Quais, 97400 Saint-Denis\n/);
  assert.match(letter.body, new RegExp(`http.*/practitioners/${practitioner_id}\n`));

  // A room is nobody's; who opens their own agenda knows; who left the practice that made them the practitioner is none.
  assert.equal((await open_agenda({ practitioner_id: null, name: 'Salle 2' })).status, 201);
  await server.psql(`UPDATE manent.membership SET practitioner_id = '${practitioner_id}' WHERE practice_id = '${b.practice}' AND person_id = '${b.chief.person_id}'`);
  const before = (await letters(server, b.chief.email)).length;
  assert.equal((await open_agenda()).status, 201);
  assert.equal((await letters(server, b.chief.email)).length, before);
  assert.equal((await told()).length, 2);
  await server.psql(`UPDATE manent.membership SET state = 'ended' WHERE person_id = '${ruiz.person_id}';
    UPDATE manent.membership SET practitioner_id = NULL WHERE person_id = '${b.chief.person_id}'`);
  assert.equal((await open_agenda()).status, 201);
  assert.equal((await told()).length, 2);
});
