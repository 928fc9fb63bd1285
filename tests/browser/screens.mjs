// Takes the pictures of docs/screens from a running demonstration: node tests/browser/screens.mjs http://localhost:8080
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../support/server.mjs';
import { launch, open } from '../support/browser.mjs';

const base = process.argv[2] ?? 'http://localhost:8080';
const folder = path.join(root, 'docs/screens');
await mkdir(folder, { recursive: true });
const browser = await launch();

for (const [width, height] of [[1280, 800], [360, 740]]) {
  const page = await open(browser, base, { width, height });
  const shoot = async (name, address) => {
    if (address) await page.goto(address);
    await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
    await page.waitForLoadState('networkidle');
    // What is still grey lines is no picture of the product.
    await page.waitForFunction(() => document.querySelector('[role="status"] > .bar') === null);
    await page.screenshot({ path: path.join(folder, `${name}-${width}.png`) });
  };
  const sign_in = async (name) => {
    await page.context().clearCookies();
    await shoot('sign-in', '/sign-in');
    await page.getByRole('button', { name }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  };
  await shoot('home', '/');
  await shoot('results', '/search?specialty=general-practice&place=47001');
  await page.locator('main').getByRole('link', { name: /^Dr / }).first().click();
  await shoot('practitioner');
  await sign_in(/Louise Martin/);
  await shoot('appointments', '/appointments');
  await shoot('readers', '/readers');
  await sign_in(/Hélène Vasseur/);
  await page.waitForURL(/\/staff/);
  await shoot('agenda');
  await shoot('patients', '/staff/patients');
  await shoot('settings', '/staff/settings');
  await shoot('practice', '/staff/practice');
  const ask = async (address) => (await page.request.get(`/api/v1${address}`)).json();
  const { practice_id } = (await ask('/session')).memberships[0];
  for (const { patient_id } of (await ask(`/practices/${practice_id}/patients?q=martin`)).items) {
    const [last] = (await ask(`/practices/${practice_id}/patients/${patient_id}/record`)).consultations;
    if (!last) continue;
    await shoot('patient', `/staff/patients/${patient_id}`);
    await shoot('consultation', `/staff/consultations/${last.consultation_id}`);
    break;
  }
  await page.context().close();
}
await browser.close();
