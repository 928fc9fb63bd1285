// A shared desk and its browser: a colleague takes over by PIN while words are unsent, a browser that keeps nothing says so
// before the first word, and a device that fills up while somebody writes loses nothing that the server can have.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { field, launch, mark, open, openConsultation, signIn, sound } from '../support/browser.mjs';
import { Server, until } from '../support/server.mjs';

const server = new Server({ empty: false });
const password = 'manent-demo-2026';
let browser;
before(async () => {
  await server.start();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await server.stop();
});

const marked = (page, name, words) => until(async () => words.test(await mark(page, name)), 30, `${name} was never marked ${words}`);
const revisions = (address, name) => server.sql(`SELECT r.author, o.family_name FROM manent.revision r JOIN manent.person o ON o.person_id = r.author
  WHERE subject_id = '${address.split('/').at(-1)}' AND field = '${name}' ORDER BY ordinal`);

/** Signs in at this desk with a PIN to come back by, once the session before has ended. */
async function meetDesk(page, name, pin) {
  await signIn(page, new RegExp(name));
  await page.waitForURL(/\/staff/);
  await choosePin(page, name, pin);
}
const expire = (page) => page.context().clearCookies({ name: 'manent_session' });
async function choosePin(page, name, pin) {
  await page.getByText(name).first().click();
  await page.getByRole('button', { name: 'Mon code PIN sur ce poste' }).click();
  await page.getByLabel('Votre mot de passe').fill(password);
  await page.getByLabel('Code PIN, 4 à 8 chiffres').fill(pin);
  await page.getByRole('button', { name: 'Enregistrer le code' }).click();
  await page.getByText('Code PIN enregistré.').waitFor();
}
/** A desk to which Étienne Rousselle comes back by PIN, while Claire Delmas is signed in. */
async function deskOfTwo() {
  const page = await open(browser, server.base);
  await meetDesk(page, 'Étienne Rousselle', '2468');
  await expire(page);
  await meetDesk(page, 'Claire Delmas', '1357');
  return page;
}
async function takeOver(page, from, to, pin) {
  await page.getByText(from).first().click();
  await page.getByRole('button', { name: 'Changer de personne' }).click();
  await page.getByRole('button', { name: to }).click();
  await page.getByLabel(`Code PIN de ${to}`).fill(pin);
  await page.getByRole('button', { name: 'Prendre le poste' }).click();
  // The form names the person too: only once it is gone has the server answered.
  await page.getByLabel(`Code PIN de ${to}`).waitFor({ state: 'detached' });
  await page.getByText(to).first().waitFor();
}

test('a colleague who takes the desk by PIN neither sees nor sends what is unsent; its author sends it on coming back', async () => {
  const page = await deskOfTwo();
  const address = await openConsultation(page, server);
  await field(page, 'motif').fill('Palpitations au repos');
  await marked(page, 'motif', /enregistré|copies/);
  await page.route('**/revisions', (route) => route.abort());
  await field(page, 'motif').fill('Palpitations au repos, trois par semaine');
  await marked(page, 'motif', /sur cet appareil/);

  await takeOver(page, 'Claire Delmas', 'Étienne Rousselle', '2468');
  await page.unroute('**/revisions');
  await page.goto(address);
  await until(async () => (await field(page, 'motif').inputValue()) === 'Palpitations au repos', 20, 'the colleague sees other words');
  // Something of his own goes out, so that whatever would have been sent was sent by then.
  await field(page, 'examen').fill('Pouls régulier');
  await marked(page, 'examen', /enregistré|copies/);
  assert.deepEqual((await revisions(address, 'motif')).map((each) => each.family_name), ['Delmas']);
  assert.deepEqual((await revisions(address, 'examen')).map((each) => each.family_name), ['Rousselle']);

  await takeOver(page, 'Étienne Rousselle', 'Claire Delmas', '1357');
  await until(async () => (await revisions(address, 'motif')).length === 2, 30, 'it was never sent');
  assert.deepEqual((await revisions(address, 'motif')).map((each) => each.family_name), ['Delmas', 'Delmas']);
  await until(async () => (await field(page, 'motif').inputValue()) === 'Palpitations au repos, trois par semaine', 20, 'it is not shown');
  assert.deepEqual(page.errors, []);
  await page.context().close();
});

test('words in a window that has not heard yet of the colleague at the desk are not stored as the colleague’s', async () => {
  const page = await deskOfTwo();
  const address = await openConsultation(page, server);
  await page.route('**/revisions', (route) => route.abort());
  await field(page, 'motif').fill('Douleur au mollet');
  await marked(page, 'motif', /sur cet appareil/);
  // From now on this window gets no answer when it asks who is signed in.
  await page.route('**/api/v1/session', () => {});
  const other = await page.context().newPage();
  await other.goto('/staff');
  await takeOver(other, 'Claire Delmas', 'Étienne Rousselle', '2468');
  const refused = page.waitForResponse((answer) => answer.url().endsWith('/revisions'));
  await page.unroute('**/revisions');
  assert.equal((await refused).status(), 401);
  assert.deepEqual(await revisions(address, 'motif'), []);

  await takeOver(other, 'Étienne Rousselle', 'Claire Delmas', '1357');
  await page.unroute('**/api/v1/session');
  await until(async () => (await revisions(address, 'motif')).length === 1, 30, 'it was never sent');
  assert.deepEqual((await revisions(address, 'motif')).map((each) => each.family_name), ['Delmas']);
  await page.context().close();
});

test('a wrong PIN lets nobody in', async () => {
  const page = await deskOfTwo();
  await page.getByText('Claire Delmas').first().click();
  await page.getByRole('button', { name: 'Changer de personne' }).click();
  await page.getByRole('button', { name: 'Étienne Rousselle' }).click();
  await page.getByLabel('Code PIN de Étienne Rousselle').fill('0000');
  await page.getByRole('button', { name: 'Prendre le poste' }).click();
  await page.getByRole('alert').first().waitFor();
  const session = await (await page.request.get('/api/v1/session')).json();
  assert.equal(session.person.family_name, 'Delmas');
  await sound(page, 'a wrong PIN');
  await page.context().close();
});

test('a browser that keeps nothing says so before the first word, and the words reach the server all the same', async () => {
  const page = await open(browser, server.base);
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('denied by the user', 'SecurityError');
    };
  });
  await signIn(page, /Claire Delmas/);
  await page.waitForURL(/\/staff/);
  const address = await openConsultation(page, server);
  await page.getByText('Ce navigateur ne garde rien sur cet appareil').waitFor();
  await sound(page, 'denied storage');
  await field(page, 'conclusion').fill('Extrasystoles bénignes.');
  await marked(page, 'conclusion', /enregistré|copies/);
  assert.equal((await revisions(address, 'conclusion')).length, 1);
  await page.reload();
  await until(async () => (await field(page, 'conclusion').inputValue()) === 'Extrasystoles bénignes.', 20, 'it is not shown');
  await page.context().close();
});

test('a device that is full while somebody writes says that the words are on this page only, until the server has them', async () => {
  const page = await open(browser, server.base);
  await page.addInitScript(() => {
    const refuse = (real) => function full(...given) {
      if (globalThis.deviceIsFull) throw new DOMException('no room', 'QuotaExceededError');
      return real.apply(this, given);
    };
    IDBObjectStore.prototype.put = refuse(IDBObjectStore.prototype.put);
    IDBObjectStore.prototype.add = refuse(IDBObjectStore.prototype.add);
  });
  await signIn(page, /Claire Delmas/);
  await page.waitForURL(/\/staff/);
  const address = await openConsultation(page, server);
  await field(page, 'interrogatoire').fill('Épisodes brefs');
  await marked(page, 'interrogatoire', /enregistré|copies/);
  await page.route('**/revisions', (route) => route.abort());
  await page.evaluate(() => (globalThis.deviceIsFull = true));
  await field(page, 'interrogatoire').fill('Épisodes brefs, sans malaise');
  await marked(page, 'interrogatoire', /seulement sur cette page/);
  await page.unroute('**/revisions');
  await marked(page, 'interrogatoire', /enregistré|copies/);
  assert.equal((await revisions(address, 'interrogatoire')).length, 2);
  assert.equal(await field(page, 'interrogatoire').inputValue(), 'Épisodes brefs, sans malaise');
  await page.context().close();
});
