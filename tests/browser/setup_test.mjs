// From an installation with nothing in it to a booked appointment, wholly in the browser: after `manent admin create` the
// administrator adds a site, a practitioner with an agenda, becomes that practitioner, sets a motive and hours; a patient
// finds them, makes an account and books; the agenda shows it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execFile } from 'node:child_process';
import { Server, binary, until } from '../support/server.mjs';
import { launch, open, sound } from '../support/browser.mjs';
import { mailedCode, password, totp } from '../support/people.mjs';

const server = new Server();
let browser, chief, patient;
const email = 'odile.roux@exemple.fr';

before(async () => {
  await server.start();
  await new Promise((resolve, reject) => {
    const words = ['admin', 'create', '--data', server.data, '--practice', 'Cabinet des Halles', '--given-name', 'Odile',
      '--family-name', 'Roux', '--email', email];
    execFile(binary, words, (failed) => (failed ? reject(failed) : resolve())).stdin.end(`${password}\n`);
  });
  browser = await launch();
  chief = await open(browser, server.base);
  patient = await open(browser, server.base, { width: 360, height: 740 });
});
after(async () => {
  await browser?.close();
  await server.stop();
});

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const dialog = () => chief.getByRole('dialog');
const closed = () => dialog().waitFor({ state: 'hidden' });

test('the first administrator signs in and is told what is missing', async () => {
  await chief.goto('/sign-in');
  await chief.getByLabel('Adresse e-mail').fill(email);
  await chief.getByLabel('Mot de passe').fill(password);
  await chief.getByRole('button', { name: 'Se connecter' }).last().click();
  await chief.getByLabel('Code reçu').fill(await until(() => mailedCode(server, email)));
  await press(chief, 'Continuer');
  await chief.getByLabel('Mot de passe').fill(password);
  await press(chief, 'Mettre en place');
  const secret = (await chief.locator('.select-all').first().innerText()).replace(/\s/g, '');
  await chief.getByLabel('Code que montre l’application').fill(totp(secret));
  await press(chief, 'Vérifier et activer');
  await chief.getByRole('link', { name: 'Continuer' }).click();
  await chief.getByRole('heading', { name: 'Avant le premier rendez-vous' }).waitFor();
  await sound(chief, 'an agenda with nothing in it');
});

test('the practice, whose name was misspelt and gets its details', async () => {
  await chief.goto('/staff/practice');
  await press(chief, 'Modifier le cabinet');
  const name = dialog().getByLabel('Nom du cabinet');
  assert.equal(await name.inputValue(), 'Cabinet des Halles');
  await name.fill('Cabinet des Halles d’Agen');
  await dialog().getByLabel('Téléphone').fill('poste 12');
  await dialog().getByLabel('Durée d’une session').selectOption({ label: '8 heures' });
  await press(chief, 'Enregistrer');
  await dialog().getByText('Indiquez un numéro de téléphone').first().waitFor();
  assert.equal(await name.inputValue(), 'Cabinet des Halles d’Agen', 'a refusal takes nothing that was typed');
  await sound(chief, 'the form of a practice, refused');
  await dialog().getByLabel('Téléphone').fill('05 53 11 22 33');
  // Somebody else was quicker: what they saved is shown, what is typed here stays, and saving again puts it in its place.
  await server.psql(`UPDATE manent.practice SET name = 'Cabinet Roux', version = version + 1`);
  await press(chief, 'Enregistrer');
  await dialog().getByText('Enregistré entre-temps : Cabinet Roux · 12 heures').waitFor();
  await sound(chief, 'the form of a practice that somebody else has changed');
  await press(chief, 'Enregistrer');
  await closed();
  // The heading and the menu at once, without a reload.
  await chief.getByRole('heading', { level: 1, name: 'Cabinet des Halles d’Agen' }).waitFor();
  assert.match(await chief.locator('header').innerText(), /Cabinet des Halles d’Agen/);
  await chief.getByText('05 53 11 22 33 · Sessions de l’équipe : 8 heures').waitFor();
  await sound(chief, 'a practice with its details');
  await chief.goto('/staff');
});

test('a site, found by its town', async () => {
  await chief.getByRole('link', { name: 'Ajouter un lieu' }).click();
  await dialog().getByLabel('Numéro et rue').fill('3 place des Halles');
  await press(chief, 'Enregistrer');
  await dialog().getByText('Choisissez la ville dans la liste').waitFor();
  await dialog().getByRole('combobox', { name: 'Ville' }).fill('agen');
  await dialog().getByRole('option', { name: /^Agen\s+47000/ }).click();
  assert.equal(await dialog().getByLabel('Code postal').last().inputValue(), '47000');
  await dialog().getByLabel('Accès').fill('Interphone 3, deuxième étage sans ascenseur');
  await dialog().getByLabel('Téléphone').fill('05 53 00 00 00');
  await sound(chief, 'the form of a site');
  await press(chief, 'Enregistrer');
  await closed();
  await chief.getByText('3 place des Halles, 47000 Agen · 05 53 00 00 00').waitFor();
  await sound(chief, 'a practice with a site');
});

test('a practitioner, whose number is checked while it is typed', async () => {
  await chief.getByRole('link', { name: 'Ajouter un praticien' }).click();
  const number = dialog().getByLabel('Numéro RPPS ou ADELI');
  await number.fill('10100050079');
  await dialog().getByText('La clé de ce numéro est fausse').waitFor();
  await dialog().getByRole('combobox', { name: 'Profession ou spécialité' }).fill('géné');
  await dialog().getByRole('option', { name: 'Médecin généraliste' }).click();
  assert.equal(await dialog().getByLabel('Titre').inputValue(), 'Dr');
  await dialog().getByLabel('Prénom').fill('Odile');
  await dialog().getByLabel('Nom', { exact: true }).fill('Roux');
  await dialog().getByLabel('Secteur conventionnel').selectOption('c1');
  await dialog().getByLabel('espagnol').check();
  // The server checks as well.
  await press(chief, 'Ajouter');
  await dialog().getByRole('alert').getByText('La clé de ce numéro est fausse').waitFor();
  await number.fill('10100 050 078');
  await dialog().getByText('Ce numéro est bien formé').waitFor();
  await sound(chief, 'the form of a practitioner');
  await press(chief, 'Ajouter');
  await closed();
  await chief.getByText('Médecin généraliste · Secteur 1 · N° 10100050078').waitFor();
  await chief.getByText('pas encore de motif').waitFor();
});

test('the administrator is that practitioner, and invites a secretary', async () => {
  await press(chief, 'Donner un compte à Dr Odile Roux');
  await dialog().getByText('moi', { exact: true }).click();
  await press(chief, 'Relier ce compte');
  await closed();
  await chief.getByText('C’est votre compte.').waitFor();
  await chief.getByRole('button', { name: 'Inviter par e-mail' }).click();
  await dialog().getByLabel('Adresse e-mail').fill('lea@exemple.fr');
  await dialog().getByLabel('Prénom').fill('Léa');
  await dialog().getByLabel('Nom', { exact: true }).fill('Marchand');
  await dialog().getByRole('button', { name: 'Inviter par e-mail' }).click();
  await closed();
  await chief.getByText('invitation en attente').waitFor();
  const [{ count }] = await server.sql(`SELECT count(*) FROM manent.mail WHERE recipient = 'lea@exemple.fr'`);
  assert.equal(count, 1);
  // Taken back, and the taking back undone.
  await press(chief, 'Retirer l’invitation de lea@exemple.fr');
  await chief.getByText('invitation en attente').waitFor({ state: 'hidden' });
  await press(chief, 'Rétablir');
  await chief.getByText('invitation en attente').waitFor();
  await sound(chief, 'a practice with a practitioner and its team');
});

test('a motive and hours', async () => {
  await chief.getByRole('link', { name: 'Ajouter un motif' }).click();
  await press(chief, 'Ajouter un motif');
  assert.equal(await dialog().getByLabel('Nom, comme les patients le lisent').inputValue(), 'Consultation');
  await press(chief, 'Enregistrer');
  await closed();
  await chief.getByRole('button', { name: /^Commencer par lundi/ }).click();
  await press(chief, 'Enregistrer les plages');
  await chief.getByText('Plages enregistrées.').waitFor();
  await sound(chief, 'hours and motives');
  await chief.getByRole('link', { name: 'Agenda', exact: true }).click();
  await chief.getByRole('heading', { name: 'Avant le premier rendez-vous' }).waitFor({ state: 'hidden' });
});

test('a patient finds the practitioner, makes an account and books; the agenda shows it', async () => {
  await patient.goto('/search?specialty=general-practice&place=47001');
  await until(async () => {
    if (await patient.getByText('Odile Roux').first().isVisible()) return true;
    await patient.reload();
  }, 20, 'never found');
  await sound(patient, 'results');
  await patient.getByRole('link', { name: /\d\d:\d\d/ }).first().click();
  await patient.getByText('Non, première fois').click();
  await patient.getByRole('button', { name: 'Créer un compte' }).click();
  await patient.getByLabel('Prénom').fill('Nadia');
  await patient.getByLabel(/^Nom/).fill('Belkacem');
  await patient.getByLabel('Date de naissance').fill('12/03/1984');
  await patient.getByLabel(/^Sexe/).selectOption('female');
  await patient.getByLabel('Adresse e-mail').fill('nadia@exemple.fr');
  await patient.getByLabel('Mot de passe').fill(password);
  await press(patient, 'Créer mon compte');
  await patient.getByLabel('Code reçu').fill(await until(() => mailedCode(server, 'nadia@exemple.fr')));
  await press(patient, 'Continuer');
  await patient.getByText(/Moi, Nadia/).click();
  await press(patient, 'Continuer');
  await patient.getByRole('button', { name: /^Confirmer \S+ \d/ }).click();
  await patient.waitForURL(/\/appointments\/[0-9a-f-]{36}/);
  await patient.getByText('Interphone 3').waitFor();
  const [{ starts_at }] = await server.sql(`SELECT starts_at FROM manent.appointment WHERE state = 'booked'`);
  await chief.goto(`/staff?view=list&date=${starts_at.slice(0, 10)}`);
  await chief.getByRole('button', { name: /BELKACEM Nadia/ }).waitFor();
});

test('an agenda that closes keeps what is booked and says so, and opens again', async () => {
  await chief.goto('/staff/practice');
  await press(chief, 'Fermer l’agenda Dr Odile Roux');
  await chief.getByText('1 rendez-vous à venir y reste').waitFor();
  await press(chief, 'Rouvrir l’agenda Dr Odile Roux');
  await chief.getByText('Agenda rouvert.').waitFor();
});
