// Small values in words: distances, durations, languages, sectors, modalities.
import type { Modality, Sector } from '../api/types';
import { locale, t, type Key } from './words.svelte';

/** « 1,2 km », whole kilometres from ten on. Below one it says no more than that: a town is a point here. */
export function sayDistance(km: number): string {
  if (km < 1) return t('place.near');
  const digits = km < 10 ? 1 : 0;
  const options = { style: 'unit', unit: 'kilometer', maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(locale(), options).format(km);
}

/** « 20 min » */
export function sayDuration(minutes: number): string {
  return new Intl.NumberFormat(locale(), { style: 'unit', unit: 'minute' }).format(minutes);
}

/** « français, espagnol » from `fr`, `es`. */
export function sayLanguages(codes: readonly string[]): string {
  const names = new Intl.DisplayNames(locale(), { type: 'language' });
  const known = codes.map((code) => names.of(code) ?? code);
  return new Intl.ListFormat(locale(), { type: 'unit' }).format(known);
}

/** A French number as people write it, in pairs: « 01 93 24 67 89 » from `+33193246789`; any other as it is. */
export function sayPhone(phone: string): string {
  const digits = phone.replace(/[ .-]/g, '').replace(/^(\+33|0033)/, '0');
  return /^0\d{9}$/.test(digits) ? digits.replace(/(\d\d)(?=\d)/g, '$1 ') : phone;
}

export function sayModality(modality: Modality): string {
  return t(`modality.${modality}` satisfies Key);
}

export function saySector(sector: Sector): string {
  return t(`sector.${sector}` satisfies Key);
}

/** « 45 minutes », « 12 heures » */
export function sayLength(minutes: number): string {
  const unit = minutes % 60 === 0 ? 'hour' : 'minute';
  const format = new Intl.NumberFormat(locale(), { style: 'unit', unit, unitDisplay: 'long' });
  return format.format(unit === 'hour' ? minutes / 60 : minutes);
}
