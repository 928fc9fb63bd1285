// Names, ages and states in words, for the staff's screens.
import type { Sex } from '../api/types';
import { sayDate } from '../words/dates';
import { t } from '../words/staff';
import type { ConsultationKind, VisitState } from './types';

interface Named {
  birth_name: string;
  used_name?: string | null;
  given_names: string;
}

/** « MARTIN Louise (née BERNARD) »; only the first given name, as people are called. */
export function sayPatient(patient: Named & { sex?: Sex }): string {
  const given = patient.given_names.split(/[\s,]+/)[0] ?? '';
  const used = patient.used_name;
  if (!used || used === patient.birth_name) return `${patient.birth_name.toUpperCase()} ${given}`;
  const born = t(`patient.born_${patient.sex ?? 'unknown'}`, { name: patient.birth_name.toUpperCase() });
  return `${used.toUpperCase()} ${given} (${born})`;
}

/** « 42 ans », « 7 mois » under two years, « 5 jours » under a month. */
export function sayAge(birth_date: string, today: string): string {
  const [year, month, day] = birth_date.split('-').map(Number) as [number, number, number];
  const [y, m, d] = today.split('-').map(Number) as [number, number, number];
  const months = (y - year) * 12 + (m - month) - (d < day ? 1 : 0);
  if (months >= 24) return t('age.years', { count: Math.floor(months / 12) });
  if (months >= 1) return t('age.months', { count: months });
  const days = Math.round((Date.parse(today) - Date.parse(birth_date)) / 86_400_000);
  return t('age.days', { count: Math.max(0, days) });
}

/** « F · 42 ans · 12/03/1984 » */
export function sayWho(patient: { sex: Sex; birth_date: string }, today: string): string {
  return [t(`sex.${patient.sex}`), sayAge(patient.birth_date, today), sayDate(patient.birth_date)].join(' · ');
}

export function sayState(state: VisitState): string {
  return t(`visit.state.${state}`);
}

export function sayKind(kind: ConsultationKind): string {
  return t(`kind.${kind}`);
}
