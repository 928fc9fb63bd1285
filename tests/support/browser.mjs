// Chromium as a person uses it: one window each, with what every test asks of a page.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const chromium_arguments = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
  '--disable-background-networking', '--disable-component-update', '--disable-sync'];
export const launch = () => chromium.launch({ executablePath: '/usr/bin/chromium', args: chromium_arguments });

/** A window of its own, signed out; `errors` gathers what the page's console complains of. */
export async function open(browser, base, { language = 'fr', width = 1280, height = 800 } = {}) {
  const context = await browser.newContext({
    baseURL: base, locale: language, viewport: { width, height }, timezoneId: 'Europe/Paris', reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.errors = [];
  page.on('pageerror', (error) => page.errors.push(String(error)));
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(base) && !/^(data|blob):/.test(url)) page.errors.push(`third-party request: ${url}`);
  });
  return page;
}

/** What axe finds on the page as it is, as lines. */
export async function faults(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'] }));
  return found.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(' ')).slice(0, 3).join(', ')}`);
}

/** A look at the page as it stands: nothing for axe, no script error, no request to anyone else. */
export async function sound(page, what) {
  await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
  assert.deepEqual(await faults(page), [], `axe on ${what}`);
  assert.deepEqual(page.errors.splice(0), [], `complaints on ${what}`);
}

/** Signs in as one of the demonstration's people, by the button that carries the name; a code can take half a minute. */
export async function signIn(page, name) {
  await page.goto('/sign-in');
  await sound(page, 'sign-in');
  await page.getByRole('button', { name }).click();
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'), { timeout: 45_000 }).catch(async (failed) => {
    throw new Error(`${failed.message}\nThe page says: ${await page.locator('main').innerText()}`);
  });
}

export const field = (page, name) => page.locator(`[data-field=${name}] textarea`);
/** The words of the mark of safety beside a field. */
export const mark = (page, name) => page.locator(`[data-field=${name}] .mark`).innerText();

/** Opens a consultation, without an appointment, of somebody of Claire Delmas's practice in the demonstration; answers its address. */
export async function openConsultation(page, server) {
  const [{ patient_id }] = await server.sql(`SELECT p.patient_id FROM manent.patient p JOIN manent.membership m USING (practice_id)
    JOIN manent.person o ON o.person_id = m.person_id WHERE o.family_name = 'Delmas' ORDER BY p.patient_id LIMIT 1`);
  await page.goto(`/staff/patients/${patient_id}`);
  await page.getByRole('button', { name: 'Au cabinet' }).click();
  await page.waitForURL(/\/staff\/consultations\//);
  await field(page, 'motif').waitFor();
  return new URL(page.url()).pathname;
}
