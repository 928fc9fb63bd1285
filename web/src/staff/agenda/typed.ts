// Reads what a secretary types with a phone at her ear: « mar 14h30 dupont », « 24/11 9h », « demain ».
// Day words of the three languages are understood whatever the screen's language. Pure.
import { addDays, weekdayOf } from '../../words/days';

export interface Typed {
  day: string | null;
  /** Minutes since midnight. */
  minutes: number | null;
  /** What is neither a day nor a time: a patient's name. */
  rest: string;
}

const weekdays: readonly (readonly string[])[] = [
  ['lun', 'lundi', 'mon', 'monday', 'lunes'],
  ['mar', 'mardi', 'tue', 'tuesday', 'martes'],
  ['mer', 'mercredi', 'wed', 'wednesday', 'mie', 'miercoles'],
  ['jeu', 'jeudi', 'thu', 'thursday', 'jue', 'jueves'],
  ['ven', 'vendredi', 'fri', 'friday', 'vie', 'viernes'],
  ['sam', 'samedi', 'sat', 'saturday', 'sab', 'sabado'],
  ['dim', 'dimanche', 'sun', 'sunday', 'dom', 'domingo'],
];
const nearDays: readonly (readonly [number, readonly string[]])[] = [
  [0, ['auj', "aujourd'hui", 'today', 'hoy']],
  [1, ['dem', 'demain', 'tomorrow', 'manana']],
];

/** `today` is the day at the site. A weekday means the next such day, today included. */
export function readTyped(text: string, today: string): Typed {
  const typed: Typed = { day: null, minutes: null, rest: '' };
  const rest: string[] = [];
  for (const word of text.trim().split(/\s+/)) {
    const day = typed.day === null ? readDay(fold(word), today) : null;
    const minutes = typed.minutes === null ? readTime(word) : null;
    if (minutes !== null) typed.minutes = minutes;
    else if (day !== null) typed.day = day;
    else rest.push(word);
  }
  typed.rest = rest.join(' ').trim();
  return typed;
}

function fold(word: string): string {
  return word.normalize('NFD').replace(/\p{M}/gu, '').replace('’', "'").replace(/\.$/, '').toLowerCase();
}

function readDay(word: string, today: string): string | null {
  for (const [distance, words] of nearDays) if (words.includes(word)) return addDays(today, distance);
  const weekday = weekdays.findIndex((words) => words.includes(word));
  if (weekday >= 0) return addDays(today, (weekday + 1 - weekdayOf(today) + 7) % 7);
  const date = /^(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}))?$/.exec(word);
  return date === null ? null : readDate(Number(date[1]), Number(date[2]), date[3], today);
}

/** A date without a year is the next such date. */
function readDate(day: number, month: number, year: string | undefined, today: string): string | null {
  const first = year === undefined ? Number(today.slice(0, 4)) : Number(year);
  for (const each of year === undefined ? [first, first + 1] : [first]) {
    const text = `${each}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
    const date = new Date(`${text}T12:00:00Z`);
    const real = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
    if (real && (year !== undefined || text >= today)) return text;
  }
  return null;
}

/** « 14h30 », « 14h », « 14:30 », « 9h5 » is no time. */
export function readTime(word: string): number | null {
  const time = /^(\d{1,2})(?:[hH](\d{2})?|:(\d{2}))$/.exec(word);
  if (time === null) return null;
  const hours = Number(time[1]);
  const minutes = Number(time[2] ?? time[3] ?? 0);
  return hours < 24 && minutes < 60 ? hours * 60 + minutes : null;
}
