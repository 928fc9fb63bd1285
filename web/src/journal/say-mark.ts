// The words and the sign of a mark of safety. Never colour alone: the sign differs, the words say it.
import { deviceZone, sayDate, sayTimeToTheSecond } from '../words/dates';
import { dayIn } from '../words/days';
import { t } from '../words/staff';
import type { Mark, StoredAs } from './safety';

export interface SaidMark {
  sign: '○' | '◐' | '●' | '✓' | '▲';
  words: string;
  /** For narrow places; the whole is in the field's history. */
  short: string;
  tone: 'quiet' | 'waiting' | 'safe' | 'broken';
}

/** Null for an empty field: there is nothing to be sure of. */
export function sayMark(mark: Mark): SaidMark | null {
  switch (mark.kind) {
    case 'empty':
      return null;
    case 'elsewhere':
      return same('○', t('mark.elsewhere'), 'waiting');
    case 'writing':
      return same('○', t('mark.writing'), 'quiet');
    case 'on_device':
      return same('○', t('mark.on_device'), mark.late ? 'waiting' : 'quiet');
    case 'stored':
      return sayStored(mark.stored_as);
    case 'two_heads':
      return same('▲', t('mark.two_heads', { count: mark.count }), 'broken');
    case 'different':
    case 'refused':
    case 'over_long':
    case 'only_here':
      return same('▲', t(`mark.${mark.kind}`), 'broken');
  }
}

function same(sign: SaidMark['sign'], words: string, tone: SaidMark['tone']): SaidMark {
  return { sign, words, short: words, tone };
}

function sayStored(stored: StoredAs): SaidMark {
  const time = sayWhen(stored.recorded_at);
  const short = t('mark.stored');
  // Read from the server, not from a receipt: how many copies there are is not known here.
  if (stored.copies === 0) return { sign: '✓', words: `${short} · ${time}`, short, tone: 'safe' };
  const copies = t('mark.copies', { count: stored.copies });
  const words = `${short} · ${copies}${sayWhere(stored)} · ${time}`;
  if (stored.copies === 1) return { sign: '◐', words, short: copies, tone: 'waiting' };
  return { sign: '●', words, short: copies, tone: 'safe' };
}

/** Which machines: two copies on one machine are never shown as two machines. */
export function sayWhere(stored: Pick<StoredAs, 'copies' | 'machines' | 'where'>): string {
  if (stored.copies < 2 || stored.where === null) return '';
  if (stored.where === 'two_machines') return ` ${t('mark.two_machines', { count: stored.machines })}`;
  return `, ${t(`mark.${stored.where}`)}`;
}

/** Seconds for today, the date before it for another day. */
export function sayWhen(instant: string): string {
  const zone = deviceZone();
  const time = sayTimeToTheSecond(instant, zone);
  const day = dayIn(zone, instant);
  return day === dayIn(zone) ? time : `${sayDate(day)} ${time}`;
}
