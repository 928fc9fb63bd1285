// The words on screen: one JSON file a language, keys typed from the French one, so that a key that
// is missing anywhere does not compile. Only the language in use is loaded. A lazily loaded part of
// the product (the staff's) brings a bundle of its own with `defineWords`.

export const languages = ['fr', 'en', 'es'] as const;
export type Language = (typeof languages)[number];

/** A sentence, or its plural forms by CLDR category. `{name}` stands for a value. */
export type Entry = string | { readonly [category: string]: string };
export type Values = Readonly<Record<string, string | number>>;

type Loader<Key extends string> = () => Promise<{ default: Record<Key, Entry> }>;
type Loaders<Key extends string> = Readonly<Record<Language, Loader<Key>>>;

const storageKey = 'manent.language';
const bundles: Array<(language: Language) => Promise<unknown>> = [];
let current = $state<Language>('fr');

/** The language on screen. Reading it inside an effect makes the effect follow a switch. */
export function language(): Language {
  return current;
}

/** A locale for Intl: British English, so that dates read day first. */
export function locale(): string {
  return { fr: 'fr-FR', en: 'en-GB', es: 'es-ES' }[current];
}

function isLanguage(value: string | null | undefined): value is Language {
  return (languages as readonly (string | null | undefined)[]).includes(value);
}

/** The reader's own choice if one was made here, else what the browser asks for, else French. */
export function preferredLanguage(stored: string | null, asked: readonly string[]): Language {
  if (isLanguage(stored)) return stored;
  for (const each of asked) {
    const short = each.slice(0, 2).toLowerCase();
    if (isLanguage(short)) return short;
  }
  return 'fr';
}

/** Loads every bundle in the browser's language. To be awaited once, before anything is mounted. */
export async function startWords(): Promise<void> {
  await showLanguage(preferredLanguage(readChoice(), navigator.languages));
}

/** Switches the screen once all words are there, and remembers the choice on this device. */
export async function chooseLanguage(next: Language): Promise<void> {
  await showLanguage(next);
  try {
    localStorage.setItem(storageKey, next);
  } catch {
    // A browser that refuses storage asks again next time; nothing else depends on it.
  }
}

/** Shows another language without remembering it. */
export async function showLanguage(next: Language): Promise<void> {
  await Promise.all(bundles.map((load) => load(next)));
  current = next;
  document.documentElement.lang = next;
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

/** Puts the words of one part of the product behind a typed function. `ready` loads the language in
 *  use; later switches load it by themselves. A call before `ready` answers the key. */
export function defineWords<Key extends string>(loaders: Loaders<Key>) {
  const loaded = $state<Partial<Record<Language, Record<Key, Entry>>>>({});

  async function load(wanted: Language): Promise<void> {
    loaded[wanted] ??= (await loaders[wanted]()).default;
  }
  bundles.push(load);

  function t(key: Key, values: Values = {}): string {
    const entry = loaded[current]?.[key];
    return entry === undefined ? key : fill(entry, values, locale());
  }
  return { t, ready: () => load(current) };
}

/** Chooses the plural form by `values.count` and puts the values in, numbers in the locale's way. */
export function fill(entry: Entry, values: Values, inLocale: string): string {
  const template = typeof entry === 'string' ? entry : pluralForm(entry, values, inLocale);
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    return typeof value === 'number' ? new Intl.NumberFormat(inLocale).format(value) : value;
  });
}

function pluralForm(entry: Exclude<Entry, string>, values: Values, inLocale: string): string {
  const category = new Intl.PluralRules(inLocale).select(Number(values['count'] ?? 0));
  return entry[category] ?? entry['other'] ?? '';
}

const main = defineWords<keyof typeof import('./fr.json')>({
  fr: () => import('./fr.json'),
  en: () => import('./en.json'),
  es: () => import('./es.json'),
});

export type Key = keyof typeof import('./fr.json');
export const t = main.t;
