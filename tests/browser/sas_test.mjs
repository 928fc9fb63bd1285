// A published SAS bundle, from the file to the consultation: imported into an empty installation, one of its practitioners
// is found by place, booked by a patient who makes an account on the way, claimed by their own account, and consulted.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execFile } from 'node:child_process';
import path from 'node:path';
import { Server, binary, root, until } from '../support/server.mjs';
import { field, launch, mark, open, sound } from '../support/browser.mjs';
import { mailedCode, password, totp } from '../support/people.mjs';

const server = new Server();
let browser, patient, doctor;
const said = {
  motif: 'Toux sèche depuis six semaines, l’effort l’aggrave.',
  interrogatoire: 'Pas de fièvre. Tabac : 12 paquets-années, arrêt en 2019. « Ça siffle la nuit » 😮‍💨',
  examen: 'SpO₂ 97 % ; sibilants bilatéraux, DEP 380 L/min (−18 %).',
  conclusion: 'Asthme probable. EFR avec test de réversibilité, β₂ à la demande.',
};

before(async () => {
  await server.start();
  await server.command('import', 'sas', path.join(root, 'data/sas/Bundle-ExampleBundlePSIndiv.json'), '--shift');
  browser = await launch();
  patient = await open(browser, server.base, { width: 360, height: 740 });
  doctor = await open(browser, server.base);
});
after(async () => {
  await browser?.close();
  await server.stop();
});

test('the imported practitioner is found by place, and a new patient books', async () => {
  await patient.goto('/search?specialty=pneumology&place=47001');
  await patient.getByText('Guillaume Marcel').first().waitFor();
  await sound(patient, 'results');
  await patient.getByRole('link', { name: /\d\d:\d\d/ }).or(patient.getByRole('button', { name: /\d\d:\d\d/ })).first().click();
  await sound(patient, 'booking');
});

test('the patient makes an account while the time is held, and books', async () => {
  const email = 'nadia.sas@exemple.fr';
  await patient.getByText('Non, première fois').click();
  await patient.getByRole('button', { name: 'Créer un compte' }).click();
  await patient.getByLabel('Prénom').fill('Nadia');
  await patient.getByLabel(/^Nom/).fill('Belkacem');
  await patient.getByLabel('Date de naissance').fill('12/03/1984');
  await patient.getByLabel(/^Sexe/).selectOption('female');
  await patient.getByLabel('Adresse e-mail').fill(email);
  await patient.getByLabel('Mot de passe').fill(password);
  await sound(patient, 'new account');
  await patient.getByRole('button', { name: 'Créer mon compte' }).click();
  await patient.getByLabel('Code reçu').fill(await until(() => mailedCode(server, email)));
  await patient.getByRole('button', { name: 'Continuer' }).click();
  await patient.getByText(/Moi, Nadia/).click();
  await patient.getByRole('button', { name: 'Continuer' }).click();
  await patient.getByRole('button', { name: /^Confirmer \S+ \d/ }).click();
  await patient.waitForURL(/\/appointments\/[0-9a-f-]{36}/);
  await sound(patient, 'confirmation');
});

/** `manent admin create` for the imported practitioner, the password typed on its standard input. */
const claim = (number, email) => new Promise((resolve, reject) => {
  const words = ['admin', 'create', '--data', server.data, '--practitioner', number, '--email', email];
  const running = execFile(binary, words, (failed, said_) => (failed ? reject(failed) : resolve(said_)));
  running.stdin.end(`${password}\n`);
});

test('the practitioner claims the imported practice, signs in for the first time and sets the authenticator up', async () => {
  const email = 'g.marcel@exemple.fr';
  assert.match(await claim('10002673899', email), /Practice [0-9a-f-]{36}/);
  await assert.rejects(claim('10002673899', 'another@exemple.fr'), /has somebody who can invite them/);
  await assert.rejects(claim('10000000000', 'another@exemple.fr'), /no practitioner here has the number/);
  await doctor.goto('/sign-in');
  await doctor.getByLabel('Adresse e-mail').fill(email);
  await doctor.getByLabel('Mot de passe').fill(password);
  await doctor.getByRole('button', { name: 'Se connecter' }).last().click();
  await doctor.getByLabel('Code reçu').fill(await until(() => mailedCode(server, email)));
  await doctor.getByRole('button', { name: 'Continuer' }).click();
  await doctor.getByRole('button', { name: 'Mettre en place' }).waitFor();
  await sound(doctor, 'authenticator');
  await doctor.getByLabel('Mot de passe').fill(password);
  await doctor.getByRole('button', { name: 'Mettre en place' }).click();
  const secret = (await doctor.locator('.select-all').first().innerText()).replace(/\s/g, '');
  await doctor.getByLabel('Code que montre l’application').fill(totp(secret));
  await doctor.getByRole('button', { name: 'Vérifier et activer' }).click();
  await doctor.getByRole('link', { name: 'Continuer' }).click();
  await doctor.waitForURL(/\/staff/);
  await sound(doctor, 'agenda');
});

test('the appointment is consulted, and the four fields come back word for word after the server and primary are killed', async () => {
  const [{ patient_id }] = await server.sql(`SELECT patient_id FROM manent.appointment WHERE state = 'booked'`);
  await doctor.goto(`/staff/patients/${patient_id}`);
  await doctor.getByRole('heading', { name: /BELKACEM/i }).first().waitFor();
  await sound(doctor, 'patient');
  await doctor.getByRole('button', { name: 'À domicile' }).or(doctor.getByRole('button', { name: 'Au cabinet' })).first().click();
  for (const [name, text] of Object.entries(said)) await field(doctor, name).fill(text);
  for (const name of Object.keys(said))
    await until(async () => /2 copies/.test(await mark(doctor, name)), 30, `${name} never reached two copies`);
  await sound(doctor, 'consultation');
  process.kill(await server.pid('server'), 'SIGKILL');
  process.kill(await server.pid('primary'), 'SIGKILL');
  await until(async () => (await fetch(`${server.base}/readyz`)).status === 200, 30, 'never ready again');
  const other = await open(browser, server.base);
  await other.context().addCookies(await doctor.context().cookies());
  await other.goto(doctor.url());
  for (const [name, text] of Object.entries(said)) {
    await field(other, name).waitFor();
    assert.equal(await field(other, name).inputValue(), text, name);
  }
  await other.context().close();
});
