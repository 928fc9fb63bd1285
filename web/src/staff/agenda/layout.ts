// Where things stand in a day's column: hours shown, visits side by side where they overlap. Pure.
import type { Absence, OpenTime, Visit } from '../types';
import { dayIn } from '../../words/days';
import { clockMinutes } from './zone';

export interface Span {
  from: number;
  until: number;
}

export interface Placed<T> extends Span {
  item: T;
  /** Which of `columns` side by side this one stands in, from 0. */
  column: number;
  columns: number;
}

const dayMin = 24 * 60;
const usual: Span = { from: 8 * 60, until: 19 * 60 };

/** The part of [starts_at, ends_at) that falls on `day`, in minutes of the site's clock; null when none does. */
export function spanOn(day: string, zone: string, times: { starts_at: string; ends_at: string }): Span | null {
  const first = dayIn(zone, times.starts_at);
  const last = dayIn(zone, times.ends_at);
  if (first > day || last < day) return null;
  const from = first < day ? 0 : clockMinutes(times.starts_at, zone);
  const until = last > day ? dayMin : clockMinutes(times.ends_at, zone);
  return until > from ? { from, until } : null;
}

/** Places items so that none covers another: overlapping ones share the width. */
export function placed<T extends { starts_at: string; ends_at: string }>(
  items: readonly T[],
  day: string,
  zone: string,
): Placed<T>[] {
  const spans = items
    .flatMap((item): Placed<T>[] => {
      const span = spanOn(day, zone, item);
      return span === null ? [] : [{ ...span, item, column: 0, columns: 1 }];
    })
    .sort((a, b) => a.from - b.from || b.until - a.until);
  let group: Placed<T>[] = [];
  let group_until = -1;
  for (const one of spans) {
    if (one.from >= group_until) {
      shareWidth(group);
      group = [];
    }
    one.column = freeColumn(group, one.from);
    group.push(one);
    group_until = Math.max(group_until, one.until);
  }
  shareWidth(group);
  return spans;
}

function freeColumn<T>(group: Placed<T>[], from: number): number {
  for (let column = 0; ; column += 1) {
    if (!group.some((one) => one.column === column && one.until > from)) return column;
  }
}

function shareWidth<T>(group: Placed<T>[]): void {
  const columns = Math.max(0, ...group.map((one) => one.column + 1));
  for (const one of group) one.columns = columns;
}

/** The hours to show, whole hours: the usual day, widened by whatever lies outside it. */
export function hoursShown(spans: readonly Span[]): Span {
  const from = Math.min(usual.from, ...spans.map((span) => span.from));
  const until = Math.max(usual.until, ...spans.map((span) => span.until));
  return { from: Math.floor(from / 60) * 60, until: Math.ceil(until / 60) * 60 };
}

/** Days of a week worth a column: Saturday and Sunday only when something happens on them. */
export function daysShown(days: readonly string[], zone: string, times: readonly (Visit | Absence | OpenTime)[]): string[] {
  return days.filter((day, index) => index < 5 || times.some((one) => spanOn(day, zone, one) !== null));
}
