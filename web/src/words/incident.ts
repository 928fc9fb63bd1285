// The words of incidents: a bundle of its own, for the operators' page and the practices' list.
import { defineWords } from './words.svelte';

export type IncidentKey = keyof typeof import('./incident.fr.json');

const incident = defineWords<IncidentKey>({
  fr: () => import('./incident.fr.json'),
  en: () => import('./incident.en.json'),
  es: () => import('./incident.es.json'),
});

export const t = incident.t;
export const incidentWordsReady = incident.ready;
