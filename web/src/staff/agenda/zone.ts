// From a wall clock at a site to an instant, and back. Pure but for the browser's table of zones.
import { dayIn } from '../../words/days';

const minuteMs = 60_000;

/** Minutes since midnight that a wall clock in `zone` shows at `instant`. */
export function clockMinutes(instant: string | Date, zone: string): number {
  const date = typeof instant === 'string' ? new Date(instant) : instant;
  const parts = clock(zone).formatToParts(date);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value ?? 0);
  return part('hour') * 60 + part('minute');
}

/** « 14:05 » from minutes since midnight. */
export function clockText(minutes: number): string {
  const hours = Math.floor(minutes / 60);
  return `${String(hours).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}

/**
 * The instant, with the site's offset, at which the wall clock shows `minutes` on `day`. Null where
 * the clocks skip that time; where they repeat it, the first of the two.
 */
export function instantAt(day: string, minutes: number, zone: string): string | null {
  const as_utc = Date.parse(`${day}T00:00:00Z`) + minutes * minuteMs;
  // No zone is further than 15 hours from UTC; the offsets around the wished time are tried, largest first.
  const offsets = new Set([offsetAt(as_utc - 15 * 60 * minuteMs, zone), offsetAt(as_utc + 15 * 60 * minuteMs, zone)]);
  for (const offset of [...offsets].sort((a, b) => b - a)) {
    const at = new Date(as_utc - offset * minuteMs);
    if (dayIn(zone, at) === day && clockMinutes(at, zone) === minutes) {
      return `${day}T${clockText(minutes)}:00${offsetText(offset)}`;
    }
  }
  return null;
}

function offsetAt(ms: number, zone: string): number {
  const at = new Date(ms - (ms % minuteMs));
  const shown = Date.parse(`${dayIn(zone, at)}T00:00:00Z`) + clockMinutes(at, zone) * minuteMs;
  return Math.round((shown - at.getTime()) / minuteMs);
}

function offsetText(offset: number): string {
  return `${offset < 0 ? '-' : '+'}${clockText(Math.abs(offset))}`;
}

const clocks = new Map<string, Intl.DateTimeFormat>();

function clock(zone: string): Intl.DateTimeFormat {
  let found = clocks.get(zone);
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
    clocks.set(zone, found);
  }
  return found;
}
