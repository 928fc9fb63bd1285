// A consultation that was opened is written in without a network, also after the page was loaded anew, and sends by itself
// on return; an update of the front end is never forced over unsent words.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { field, launch, mark, open, openConsultation, signIn, sound } from '../support/browser.mjs';
import { FrontEnd } from '../support/front_end.mjs';
import { Server, until } from '../support/server.mjs';

let front_end;
let server;
let browser;
let doctor;
let address;
before(async () => {
  front_end = await FrontEnd.copy();
  server = new Server({ empty: false, environment: { MANENT_SHARE: front_end.share } });
  await server.start();
  browser = await launch();
  doctor = await open(browser, server.base);
});
after(async () => {
  await browser?.close();
  await server.stop();
  await front_end.remove();
});

const saved = (name) => until(async () => /enregistré|copies/.test(await mark(doctor, name)), 30, `${name} was never saved`);
const kept = (name) => until(async () => /sur cet appareil/.test(await mark(doctor, name)), 10, `${name} was never kept`);
const shows = (name, text) => until(async () => (await field(doctor, name).inputValue()) === text, 20, `${name} does not show: ${text}`);
const again = async (page) => {
  await page.reload({ waitUntil: 'commit' });
  await field(page, 'motif').waitFor();
};

test('the staff’s files are kept on the device, and nothing of a patient is among them', async () => {
  await signIn(doctor, /Claire Delmas/);
  await doctor.waitForURL(/\/staff/);
  await doctor.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await until(() => doctor.evaluate(() => navigator.serviceWorker.controller !== null), 20, 'no worker took the page');
  address = await openConsultation(doctor, server);
  await field(doctor, 'motif').fill('Toux grasse');
  await saved('motif');
  const addresses = await doctor.evaluate(async () => {
    const found = [];
    for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) found.push(new URL(request.url).pathname);
    return found;
  });
  assert.ok(addresses.length > 20);
  assert.deepEqual(addresses.filter((path) => !path.startsWith('/assets/') && path !== '/index.html'), []);
});

test('without a network the page opens anew, shows what was stored last, and takes what is typed', async () => {
  await doctor.context().setOffline(true);
  await again(doctor);
  await shows('motif', 'Toux grasse');
  await doctor.getByText('PETIT Lucas').or(doctor.getByRole('heading', { level: 1 })).first().waitFor();
  await field(doctor, 'motif').fill('Toux grasse depuis 3 j');
  await kept('motif');
  await field(doctor, 'examen').fill('Râles 😷 à droite');
  await kept('examen');
  await again(doctor);
  await shows('motif', 'Toux grasse depuis 3 j');
  await shows('examen', 'Râles 😷 à droite');
  await sound(doctor, 'the consultation without a network');
  // The agenda that was seen before opens as well.
  await doctor.getByRole('link', { name: 'Agenda', exact: true }).click();
  await doctor.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
  await doctor.goBack();
  await shows('examen', 'Râles 😷 à droite');
});

test('back on the network it sends by itself, in order, upon what was there', async () => {
  await doctor.context().setOffline(false);
  await saved('motif');
  await saved('examen');
  const rows = await server.sql(`SELECT field, cardinality(heads) AS heads FROM manent.revision r
    WHERE subject_id = '${doctor.url().split('/').at(-1)}' ORDER BY field, ordinal`);
  assert.ok(rows.filter((row) => row.field === 'motif').length >= 2);
  assert.deepEqual([...new Set(rows.map((row) => row.heads))], [1]);
});

test('a server that is away for longer is no different', async () => {
  process.kill(await server.pid('keeper'), 'SIGSTOP');
  process.kill(await server.pid('server'), 'SIGSTOP');
  try {
    await field(doctor, 'conclusion').fill('Bronchite aiguë.');
    await kept('conclusion');
    await again(doctor);
    await shows('conclusion', 'Bronchite aiguë.');
  } finally {
    process.kill(await server.pid('server'), 'SIGCONT');
    process.kill(await server.pid('keeper'), 'SIGCONT');
  }
  await saved('conclusion');
});

test('an update is announced, and taken at the next page once nothing is unsent; the open page still finds its parts', async () => {
  const before = await doctor.evaluate(() => document.querySelector('script[type=module]').src);
  const first = before.split('/').slice(3).join('/');
  await front_end.update(1);
  process.kill(await server.pid('server'), 'SIGKILL');
  await until(async () => (await fetch(`${server.base}/readyz`)).status === 200, 30, 'never ready again');
  assert.equal((await fetch(`${server.base}/${first}`)).status, 200, 'the former release’s file is gone');

  await doctor.evaluate(() => navigator.serviceWorker.getRegistration().then((found) => found.update()).then(() => undefined));
  await doctor.getByText('Une nouvelle version de Manent est prête').waitFor();
  await sound(doctor, 'the notice of a new release');
  await doctor.context().setOffline(true);
  await field(doctor, 'motif').fill('Toux grasse depuis 4 j');
  await kept('motif');
  await doctor.getByRole('link', { name: 'Agenda', exact: true }).click();
  await doctor.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
  assert.equal(await doctor.evaluate(() => document.querySelector('script[type=module]').src), before, 'taken over unsent words');
  await doctor.goBack();
  await shows('motif', 'Toux grasse depuis 4 j');
  await doctor.context().setOffline(false);
  await saved('motif');
  await doctor.getByRole('link', { name: 'Patients', exact: true }).click();
  await until(async () => (await doctor.evaluate(() => document.querySelector('script[type=module]').src)) !== before, 20, 'the new release was never taken');
});

test('after the update the page opens without a network too, whichever of the two releases it then is', async () => {
  await doctor.goto(address, { waitUntil: 'commit' });
  await shows('motif', 'Toux grasse depuis 4 j');
  await doctor.context().setOffline(true);
  await again(doctor);
  await shows('motif', 'Toux grasse depuis 4 j');
  await doctor.context().setOffline(false);
});
