// The device journal among people: two of them on one consultation, a sign-out with unsent words, a colleague at the same
// desk, and a server that lost what it had confirmed.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { field, launch, mark, open, openConsultation, signIn, sound } from '../support/browser.mjs';
import { Server, until } from '../support/server.mjs';

const server = new Server({ empty: false });
let browser;
let one;
let address;
before(async () => {
  await server.start();
  browser = await launch();
  one = await open(browser, server.base);
  await signIn(one, /Claire Delmas/);
  await one.waitForURL(/\/staff/);
  address = await openConsultation(one, server);
});
after(async () => {
  await browser?.close();
  await server.stop();
});

const marked = (page, name, words) => until(async () => words.test(await mark(page, name)), 30, `${name} was never marked ${words}`);
const shows = (page, name, text) => until(async () => (await field(page, name).inputValue()) === text, 20, `${name} does not show: ${text}`);
const consultation = () => address.split('/').at(-1);
const revisions = (name) => server.sql(`SELECT revision_id, cardinality(heads) AS heads FROM manent.revision
  WHERE subject_id = '${consultation()}' AND field = '${name}' ORDER BY ordinal`);

/** Long enough that what two people add before and after it are two differences. */
const rest = 'Apyrétique, eupnéique, bon état général, pas de signe de lutte, tympans normaux, gorge propre.';
test('two devices on one field: neither writes over the other, and both texts are merged word by word', async () => {
  await field(one, 'examen').fill(`Râles à droite. ${rest}`);
  await marked(one, 'examen', /enregistré|copies/);
  const other = await open(browser, server.base);
  await signIn(other, /Claire Delmas/);
  await other.waitForURL(/\/staff/);
  await other.goto(address);
  await shows(other, 'examen', `Râles à droite. ${rest}`);
  await one.context().setOffline(true);
  await field(one, 'examen').fill(`Râles à droite et à gauche. ${rest}`);
  await marked(one, 'examen', /sur cet appareil/);
  await field(other, 'examen').fill(`Râles à droite. ${rest} SpO₂ 97 %.`);
  await marked(other, 'examen', /enregistré|copies/);
  await one.context().setOffline(false);
  await marked(one, 'examen', /2 versions/);
  assert.equal((await revisions('examen')).at(-1).heads, 2);

  await one.locator('[data-field=examen] .mark').click();
  await one.getByText('97 %').first().waitFor();
  await sound(one, 'two versions side by side');
  await one.getByRole('button', { name: 'Garder ce texte' }).click();
  await one.getByRole('button', { name: 'Fermer' }).last().click();
  const both = `Râles à droite et à gauche. ${rest} SpO₂ 97 %.`;
  await shows(one, 'examen', both);
  await marked(one, 'examen', /enregistré|copies/);
  assert.equal((await revisions('examen')).at(-1).heads, 1);
  await other.reload();
  await shows(other, 'examen', both);
  await other.context().close();
});

const device_keys = (page) => page.evaluate(() => new Promise((done, fail) => {
  const asking = indexedDB.open('manent-journal');
  asking.onerror = () => fail(asking.error);
  asking.onsuccess = () => {
    const reading = asking.result.transaction('device_keys').objectStore('device_keys').getAll();
    reading.onsuccess = () => {
      asking.result.close();
      done(reading.result.map(({ account, handle, wrapped }) => ({ account, open: handle !== null, extractable: handle?.extractable ?? null, wrapped: wrapped !== null })));
    };
  };
}));

test('in daily use the key on the device cannot be read, and a wrapped copy lies beside it', async () => {
  await until(async () => (await device_keys(one)).every((key) => key.wrapped), 20, 'the key was never wrapped');
  for (const key of await device_keys(one)) assert.deepEqual([key.open, key.extractable], [true, false]);
});

test('a sign-out with unsent words lets go of the key; a colleague sees and sends nothing; the author’s sign-in sends', async () => {
  const before = (await revisions('conclusion')).length;
  await one.route('**/revisions', (route) => route.abort());
  await field(one, 'conclusion').fill('Bronchite, repos 3 j.');
  await marked(one, 'conclusion', /sur cet appareil/);
  await one.getByText('Claire Delmas').first().click();
  await one.getByRole('button', { name: 'Se déconnecter' }).click();
  await one.waitForURL((url) => url.pathname === '/');
  assert.deepEqual((await device_keys(one)).map((key) => key.open), [false]);
  await one.unroute('**/revisions');

  await signIn(one, /Nathalie Ferrand/);
  await one.waitForURL(/\/staff/);
  await one.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
  await one.waitForTimeout(2_000);
  assert.equal((await revisions('conclusion')).length, before);
  const [delmas] = await server.sql(`SELECT person_id FROM manent.person WHERE family_name = 'Delmas'`);
  assert.deepEqual((await device_keys(one)).filter((key) => key.account === delmas.person_id).map((key) => key.open), [false]);

  await one.context().clearCookies();
  await signIn(one, /Claire Delmas/);
  await one.waitForURL(/\/staff/);
  await until(async () => (await revisions('conclusion')).length > before, 30, 'it was never sent');
  await one.goto(address);
  await shows(one, 'conclusion', 'Bronchite, repos 3 j.');
  await marked(one, 'conclusion', /enregistré|copies/);
});

test('a session that ran out over unsent words, and is back without this tab having heard of it, is asked for again', async () => {
  const stored = (await revisions('interrogatoire')).length;
  await one.route('**/revisions', (route) => route.abort());
  await field(one, 'interrogatoire').fill('Pas de fièvre.');
  await marked(one, 'interrogatoire', /sur cet appareil/);
  await server.psql(`UPDATE manent.session SET expires_at = now() - interval '1 second' WHERE revoked_at IS NULL`);
  // The tab looks for its session, as whenever it is looked at again; the server remembers one for up to three seconds.
  await until(async () => {
    await one.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
    return !(await one.getByText('Claire Delmas').first().isVisible());
  }, 20, 'the tab still takes itself for signed in');
  await one.unroute('**/revisions');
  await one.getByRole('link', { name: 'Se reconnecter' }).waitFor({ timeout: 45_000 });
  // While the other tab signs in, this one does not reach the server.
  await one.route('**/api/**', (route) => route.abort());
  const other = Object.assign(await one.context().newPage(), { errors: [] });
  await signIn(other, /Claire Delmas/);
  await other.waitForURL(/\/staff/);
  await other.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
  // Until this tab has tried for the last time to ask who is signed in now.
  await other.waitForTimeout(4_000);
  await one.unroute('**/api/**');
  // The other tab stays in front: nobody comes back to this one.
  await until(async () => (await revisions('interrogatoire')).length > stored, 60, 'it was never sent');
  await other.close();
  await marked(one, 'interrogatoire', /enregistré|copies/);
});

test('what the server lost is told loudly, and goes out again from this device', async () => {
  await field(one, 'motif').fill('Toux');
  await marked(one, 'motif', /enregistré|copies/);
  await field(one, 'motif').fill('Toux depuis 3 jours, fièvre');
  await marked(one, 'motif', /enregistré|copies/);
  const { revision_id } = (await revisions('motif')).at(-1);
  // As a disk or a restored backup would, behind the program's back.
  await server.psql(`SET row_security = off; SET session_replication_role = replica; DELETE FROM manent.revision WHERE revision_id = '${revision_id}'`);
  await one.reload();
  await one.getByText('cet appareil le renvoie').first().waitFor({ timeout: 60_000 });
  await sound(one, 'the notice of a lost text');
  await until(async () => (await revisions('motif')).length > 1 && (await revisions('motif')).at(-1).revision_id !== revision_id, 30, 'it was never sent again');
  await one.goto(address);
  await shows(one, 'motif', 'Toux depuis 3 jours, fièvre');
  const [{ incidents }] = await server.sql('SELECT count(*)::int AS incidents FROM manent.incident');
  assert.ok(incidents >= 1);
});
