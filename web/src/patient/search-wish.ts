// What a patient looks for, as it stands in the address of the results, and the text folding that
// lets « eveque » find « Évêque ».

export interface SearchWish {
  specialty: string;
  name: string;
  place: string;
  latitude: string;
  longitude: string;
  modality: string;
  known: string;
  language: string;
  sector: string;
}

const members = [
  'specialty',
  'name',
  'place',
  'latitude',
  'longitude',
  'modality',
  'known',
  'language',
  'sector',
] as const satisfies readonly (keyof SearchWish)[];

export function readWish(query: URLSearchParams): SearchWish {
  const entries = members.map((name) => [name, query.get(name) ?? '']);
  return Object.fromEntries(entries) as unknown as SearchWish;
}

/** Lower case, without accents, hyphens and apostrophes as spaces: for comparing what was typed. */
export function fold(text: string): string {
  return text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/œ/gi, 'oe')
    .toLowerCase()
    .replace(/[-'’.]/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** True when each typed word begins a word of the label. */
export function matchesWords(label: string, typed: string): boolean {
  const words = fold(label).split(' ');
  return fold(typed)
    .split(' ')
    .every((part) => words.some((word) => word.startsWith(part)));
}
