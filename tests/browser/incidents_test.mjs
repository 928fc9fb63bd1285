// A broken promise on screen: the operator's page with its evidence and its end, the line above the practice's pages, in
// the width of a telephone and of a desk; axe finds nothing.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { Server, until } from '../support/server.mjs';
import { launch, open, signIn, sound } from '../support/browser.mjs';

const server = new Server({ empty: false });
let browser, page, practice_id;
before(async () => {
  await server.start();
  browser = await launch();
  page = await open(browser, server.base);
  await signIn(page, /Hélène Vasseur/);
  const session = await ask('/session');
  ({ practice_id } = session.memberships[0]);
  await server.command('admin', 'operator', session.person.email);
});
after(async () => {
  await browser?.close();
  await server.stop();
});

const ask = async (address) => (await page.request.get(`/api/v1${address}`)).json();
const widths = [[1280, 800], [360, 740]];
/** Looks at the page in both widths; keeps the pictures where MANENT_TEST_PICTURES says. */
async function look(what) {
  for (const [width, height] of widths) {
    await page.setViewportSize({ width, height });
    await sound(page, `${what} at ${width}`);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${what} is wider than ${width}`);
    const folder = process.env.MANENT_TEST_PICTURES;
    if (folder) {
      await mkdir(folder, { recursive: true });
      await page.screenshot({ path: `${folder}/${what}-${width}.png`, fullPage: true });
    }
  }
  await page.setViewportSize({ width: 1280, height: 800 });
}

test('without an incident the page says what will be here', async () => {
  await page.goto('/staff');
  // The session is read anew once in a while: whoever was just appointed need not sign in again.
  const menu = page.getByText('Hélène Vasseur').first();
  await until(async () => {
    await page.reload();
    await menu.click();
    return (await page.getByRole('link', { name: 'Exploitation' }).count()) > 0;
  }, 60, 'nothing leads an operator to the page');
  await page.getByRole('link', { name: 'Exploitation' }).click();
  await page.getByText('Aucun incident', { exact: true }).waitFor();
  await page.getByText(/copies, même (disque|machine)|1 copie/).waitFor();
  await look('operation-empty');
});

test('while one is open the practice’s pages say so in one line, and lead to the list', async () => {
  const [{ revision_id, digest }] = await server.sql(`SELECT revision_id, encode(digest, 'base64') AS digest
    FROM manent.revision WHERE practice_id = '${practice_id}' AND subject_kind = 'consultation' LIMIT 1`);
  await server.psql(`SET row_security = off; SET session_replication_role = replica;
    UPDATE manent.revision SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE revision_id = '${revision_id}'`);
  const urlSafe = digest.replace(/\+/g, '-').replace(/\//g, '_').replace(/[=\n]/g, '');
  const lost = { revision_id: randomUUID().replace(/^(.{14})4/, '$17'), digest: randomBytes(32).toString('base64url') };
  const reported = await page.request.post(`/api/v1/practices/${practice_id}/device-reports`, {
    data: { device_id: randomUUID(), sent_at: new Date().toISOString(), revisions: [{ revision_id, digest: urlSafe }, lost] },
  });
  assert.deepEqual((await reported.json()).different, [revision_id]);
  await page.goto('/staff');
  await page.getByText(/Des textes enregistrés (manquent sur le serveur|ne sont plus tels)/).waitFor();
  await look('staff-line');
  await page.getByRole('link', { name: 'Voir l’incident' }).click();
  await page.getByRole('heading', { level: 1, name: 'Incidents' }).waitFor();
  await page.getByRole('heading', { level: 3 }).nth(1).waitFor();
  await look('staff-incidents');
});

test('the operator reads the evidence and ends what no detector can end', async () => {
  await page.goto('/exploitation');
  await page.getByRole('heading', { level: 3 }).nth(1).waitFor();
  const show = page.getByRole('button', { name: 'Voir les constats' });
  while ((await show.count()) > 0) {
    const shown = await show.count();
    await show.first().click();
    await until(async () => (await show.count()) < shown);
  }
  await page.getByText(/le texte ne s’ouvre plus/).waitFor();
  await page.getByText(/seul l’appareil dit l’avoir reçue/).waitFor();
  await look('operation');
  const item = page.getByRole('article', { name: 'Des textes enregistrés manquent sur le serveur' });
  await item.getByRole('button', { name: 'Déclarer terminé' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Raison').fill('Appareil défectueux, remplacé');
  await look('operation-end');
  await dialog.getByRole('button', { name: 'Déclarer terminé' }).click();
  await page.getByRole('heading', { level: 2, name: 'Terminés' }).waitFor();
  await look('operation-ended');
});

for (const [language, title] of [['en', 'Operation'], ['es', 'Explotación']])
  test(`the page is there in ${language}`, async () => {
    await page.getByRole('button', { name: new RegExp(`^${language} ·`) }).click();
    await page.getByRole('heading', { level: 1, name: title }).waitFor();
    await look(`operation-${language}`);
  });

test('for anybody else there is no such page', async () => {
  const patient = await open(browser, server.base);
  await signIn(patient, /Louise Martin/);
  await patient.goto('/exploitation');
  await patient.getByText('Rien ne se trouve ici', { exact: false }).waitFor();
  await sound(patient, 'operation refused');
});
