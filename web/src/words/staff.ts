// The staff's words: a bundle of its own, loaded with the staff's pages so that patients never fetch it.
import { defineWords } from './words.svelte';

export type StaffKey = keyof typeof import('./staff.fr.json');

const staff = defineWords<StaffKey>({
  fr: () => import('./staff.fr.json'),
  en: () => import('./staff.en.json'),
  es: () => import('./staff.es.json'),
});

export const t = staff.t;
export const staffWordsReady = staff.ready;
