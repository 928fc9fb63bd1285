// Dates and times as people say them, in the site's zone and the screen's language:
// « jeudi 26 novembre, 14:00 ». Instants come in as RFC 3339 texts, days as YYYY-MM-DD.
import { asUtc, dayIn, daysBetween } from './days';
import { language, locale, t } from './words.svelte';

const formatters = new Map<string, Intl.DateTimeFormat>();

function format(date: Date, options: Intl.DateTimeFormatOptions): string {
  const key = locale() + JSON.stringify(options);
  let formatter = formatters.get(key);
  if (!formatter) formatters.set(key, (formatter = new Intl.DateTimeFormat(locale(), options)));
  return firstOfMonth(formatter.formatToParts(date), options);
}

// French says « 1er décembre » where Intl says « 1 décembre ».
function firstOfMonth(parts: Intl.DateTimeFormatPart[], options: Intl.DateTimeFormatOptions): string {
  const ordinal = language() === 'fr' && options.day === 'numeric';
  return parts.map((part) => (ordinal && part.type === 'day' && part.value === '1' ? '1er' : part.value)).join('');
}

/** « 14:00 » */
export function sayTime(instant: string, zone: string): string {
  return format(new Date(instant), { timeZone: zone, hour: '2-digit', minute: '2-digit', hour12: false });
}

/** « 10:42:07 », for receipts. */
export function sayTimeToTheSecond(instant: string, zone?: string): string {
  const options: Intl.DateTimeFormatOptions = { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false };
  return format(new Date(instant), zone ? { ...options, timeZone: zone } : options);
}

/** « jeudi 26 novembre », with the year when it is not this one. */
export function sayDay(day: string, today: string = dayIn(deviceZone())): string {
  const withYear = day.slice(0, 4) !== today.slice(0, 4);
  const options: Intl.DateTimeFormatOptions = { timeZone: 'UTC', weekday: 'long', day: 'numeric', month: 'long' };
  return withoutComma(format(asUtc(day), withYear ? { ...options, year: 'numeric' } : options));
}

/** « jeu. 26 nov. » */
export function sayDayShort(day: string): string {
  return withoutComma(format(asUtc(day), { timeZone: 'UTC', weekday: 'short', day: 'numeric', month: 'short' }));
}

/** « lundi », and « lun. » when short. */
export function sayWeekday(day: string, width: 'long' | 'short' = 'long'): string {
  return format(asUtc(day), { timeZone: 'UTC', weekday: width });
}

/** « 26 novembre » or « 26 nov. » */
export function sayDayAndMonth(day: string, width: 'long' | 'short' = 'long'): string {
  return format(asUtc(day), { timeZone: 'UTC', day: 'numeric', month: width });
}

/** « novembre 2026 » */
export function sayMonth(day: string): string {
  return format(asUtc(day), { timeZone: 'UTC', month: 'long', year: 'numeric' });
}

/** « jeudi 26 novembre, 14:00 » */
export function sayMoment(instant: string, zone: string): string {
  return `${sayDay(dayIn(zone, instant), dayIn(zone))}, ${sayTime(instant, zone)}`;
}

/** « auj. 16:40 », « dem. 09:00 », « jeu. 14:00 » within a week, « 3 déc. 14:00 » beyond. */
export function sayMomentShort(instant: string, zone: string, now: Date = new Date()): string {
  const day = dayIn(zone, instant);
  return `${sayNear(day, dayIn(zone, now))} ${sayTime(instant, zone)}`;
}

function sayNear(day: string, today: string): string {
  const distance = daysBetween(today, day);
  if (distance === 0) return t('date.today_short');
  if (distance === 1) return t('date.tomorrow_short');
  return distance > 1 && distance < 7 ? sayWeekday(day, 'short') : sayDayAndMonth(day, 'short');
}

/** « 12/03/1984 » */
export function sayDate(day: string): string {
  return format(asUtc(day), { timeZone: 'UTC', day: '2-digit', month: '2-digit', year: 'numeric' });
}

/** « 12 mars 1984 » */
export function sayDateLong(day: string): string {
  return format(asUtc(day), { timeZone: 'UTC', day: 'numeric', month: 'long', year: 'numeric' });
}

/** Names the site's zone when this device's clock shows another time at that instant, else ''. */
export function sayZoneIfOther(instant: string, zone: string, device: string = deviceZone()): string {
  const at = new Date(instant);
  if (clockIn(zone, at) === clockIn(device, at)) return '';
  const parts = new Intl.DateTimeFormat(locale(), { timeZone: zone, timeZoneName: 'longGeneric' }).formatToParts(at);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? zone;
}

export function deviceZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

function clockIn(zone: string, at: Date): string {
  return new Intl.DateTimeFormat('en-GB', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' }).format(at);
}

// Some locales put a comma after the weekday; ours keeps the comma for the time.
function withoutComma(text: string): string {
  return text.replace(/,/, '');
}
