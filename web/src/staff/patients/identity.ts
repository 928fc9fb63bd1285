// A patient's identity as a form holds it: every member a text, '' for none.
import type { Schemas, Sex } from '../../api/types';
import type { Patient } from '../types';

export interface Identity {
  birth_name: string;
  used_name: string;
  given_names: string;
  birth_date: string;
  sex: Sex;
  birth_place: string;
  phone: string;
  email: string;
  street: string;
  postal_code: string;
  city: string;
}

export function identityFrom(patient: Patient | null): Identity {
  return {
    birth_name: patient?.birth_name ?? '',
    used_name: patient?.used_name ?? '',
    given_names: patient?.given_names ?? '',
    birth_date: patient?.birth_date ?? '',
    sex: patient?.sex ?? 'unknown',
    birth_place: patient?.birth_place ?? '',
    phone: patient?.phone ?? '',
    email: patient?.email ?? '',
    street: patient?.address?.lines.join('\n') ?? '',
    postal_code: patient?.address?.postal_code ?? '',
    city: patient?.address?.city ?? '',
  };
}

/** The body of a request; what is empty is left out, and the server says what it misses. */
export function identityBody(identity: Identity): Partial<Schemas['record_new_patient']> {
  const { street, postal_code, city, ...members } = identity;
  const typed = Object.entries(members).map(([name, value]) => [name, value.trim()]);
  const said: Partial<typeof members> = Object.fromEntries(typed.filter(([, value]) => value !== ''));
  const lines = street.split('\n').map((line) => line.trim()).filter(Boolean);
  if (lines.length === 0 && !postal_code.trim() && !city.trim()) return said;
  return { ...said, address: { lines, postal_code: postal_code.trim(), city: city.trim() } };
}
