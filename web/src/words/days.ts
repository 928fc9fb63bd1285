// Arithmetic on calendar days written YYYY-MM-DD. No instants and no zones, except for the one
// question that needs both: which day it is somewhere now.

/** The day that a wall calendar shows in `zone` at `instant` (an RFC 3339 text or a Date). */
export function dayIn(zone: string, instant: string | Date = new Date()): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  return parts.format(typeof instant === 'string' ? new Date(instant) : instant);
}

export function addDays(day: string, count: number): string {
  const date = asUtc(day);
  date.setUTCDate(date.getUTCDate() + count);
  return date.toISOString().slice(0, 10);
}

/** 1 Monday … 7 Sunday. */
export function weekdayOf(day: string): number {
  return asUtc(day).getUTCDay() || 7;
}

export function mondayOf(day: string): string {
  return addDays(day, 1 - weekdayOf(day));
}

export function daysBetween(from: string, to: string): number {
  return Math.round((asUtc(to).getTime() - asUtc(from).getTime()) / 86_400_000);
}

/** Noon of that day in UTC: a Date to format with `timeZone: 'UTC'`, never an instant of the world. */
export function asUtc(day: string): Date {
  return new Date(`${day}T12:00:00Z`);
}

/** Reads a day as people type it, day first: 12/03/1984, 12.3.84, 12 03 1984, 12031984, or the ISO
 *  form. A year of two digits means the latest such year that is not after `today`. Null when it is no day. */
export function parseDay(typed: string, today: string): string | null {
  const text = typed.trim();
  const iso = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (iso) return realDay(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const parts = /^(\d{1,2})[\s/.-]+(\d{1,2})[\s/.-]+(\d{4}|\d{2})$/.exec(text) ?? /^(\d{2})(\d{2})(\d{4}|\d{2})$/.exec(text);
  if (!parts) return null;
  const [, day, month, year] = parts as unknown as [string, string, string, string];
  return realDay(fullYear(year, today), Number(month), Number(day));
}

function fullYear(year: string, today: string): number {
  if (year.length === 4) return Number(year);
  const thisYear = Number(today.slice(0, 4));
  const guess = Math.floor(thisYear / 100) * 100 + Number(year);
  return guess > thisYear ? guess - 100 : guess;
}

function realDay(year: number, month: number, day: number): string | null {
  const text = `${String(year).padStart(4, '0')}-${pad(month)}-${pad(day)}`;
  const date = new Date(`${text}T12:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text) ? text : null;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
