// Incidents in words: each kind has its sentences in the three languages, and evidence reads as lines.
import { beforeAll, describe, expect, test } from 'vitest';
import { isEndedByHand, sayConcerned, sayCopies, sayEvidence, sayHint, sayTitle } from './say';
import type { Evidence, EvidenceFacts, Incident } from '../api/types';
import en from '../words/incident.en.json';
import es from '../words/incident.es.json';
import fr from '../words/incident.fr.json';
import { incidentWordsReady } from '../words/incident';
import { showLanguage, type Entry } from '../words/words.svelte';

const incident: Incident = {
  incident_id: 'i', promise: 'I1', detector: 'device_report', practice_id: 'p', practice_name: 'Cabinet du Port',
  began_at: '2026-11-26T10:00:00Z', ended_at: null, revisions: 2,
};
const evidence = (facts: EvidenceFacts): Evidence => ({ at: '2026-11-26T10:00:00Z', ends: false, account_id: null, facts });

beforeAll(async () => {
  await showLanguage('fr');
  await incidentWordsReady();
});

describe.each([['en', en], ['es', es]])('%s beside French', (_, words) => {
  const said = (of: object): [string, Entry][] => Object.entries(of);
  const values = (entry: Entry) => [...new Set(JSON.stringify(entry).match(/\{\w+\}/g) ?? [])].sort();
  test('says the same things with the same values', () => {
    expect(said(words).map(([key, entry]) => [key, values(entry)])).toEqual(said(fr).map(([key, entry]) => [key, values(entry)]));
  });
});

test('what happened, to whom, and what to do', () => {
  expect(sayTitle(incident)).toBe('Des textes enregistrés manquent sur le serveur');
  expect(sayConcerned(incident)).toBe('Cabinet du Port · 2 textes');
  expect(sayHint(incident)).toMatch(/manent verify/);
  expect(sayConcerned({ ...incident, practice_name: null, revisions: 0 })).toBe('toute l’installation');
});

test('a detector that this page does not know is said by its promise', () => {
  const unknown = { ...incident, promise: 'I4' as const };
  expect(sayTitle(unknown)).toBe('Deux personnes n’ont jamais le même horaire.');
  expect(sayHint(unknown)).toBe('');
});

test('only what no detector ends by itself is ended by hand, once', () => {
  expect(isEndedByHand(incident)).toBe(true);
  expect(isEndedByHand({ ...incident, ended_at: '2026-11-26T11:00:00Z' })).toBe(false);
  expect(isEndedByHand({ ...incident, detector: 'standby' })).toBe(false);
});

test('evidence reads as lines; what it does not know it leaves out', () => {
  const lines = sayEvidence(
    evidence({
      device_id: 'd', account_id: 'a', unheard: 1,
      missing: [{ revision_id: 'r', acknowledged: true }, { revision_id: 's', acknowledged: false }],
      different: [{ revision_id: 't', why: 'text_does_not_open', consultation_id: 'c' }],
    }),
  );
  expect(lines).toHaveLength(4);
  expect(lines[0]).toBe('appareil d · compte a');
  expect(lines[1]).toMatch(/^révision r — absente, et ce serveur se souvient/);
  expect(lines[2]).toMatch(/^révision s — absente.; seul l’appareil/);
  expect(lines[3]).toBe('révision t, consultation c — le texte ne s’ouvre plus');
  expect(sayEvidence(evidence({ copies: 2 }))).toEqual(['Deux copies de nouveau']);
  expect(sayEvidence(evidence({ reason: 'x' }))[0]).toMatch(/exploitant.: x$/);
});

test('copies as they are: one is said to be one', () => {
  expect(sayCopies({ copies: 1, machines: 1, where: 'same_disk' })).toMatch(/^1 copie/);
  expect(sayCopies({ copies: 2, machines: 2, where: 'two_machines' })).toBe('2 copies, sur 2 machines');
});
