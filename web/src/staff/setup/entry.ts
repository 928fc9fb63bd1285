// A practitioner's entry while it is filled in, and what of it travels.
import type { Schemas, Sector } from '../../api/types';
import type { OwnPractitioner } from '../types';

export interface EntryDraft {
  national_number: string;
  title: string;
  given_name: string;
  family_name: string;
  specialties: string[];
  sector: Sector | '';
  languages: string[];
  presentation: string;
}

export function draftOf(kept: OwnPractitioner | null): EntryDraft {
  return {
    national_number: kept?.national_number ?? '',
    title: kept?.title ?? '',
    given_name: kept?.given_name ?? '',
    family_name: kept?.family_name ?? '',
    specialties: kept?.specialties ?? [],
    sector: kept?.sector ?? '',
    languages: kept?.languages ?? ['fr'],
    presentation: kept?.presentation ?? '',
  };
}

type EntryWish = Omit<Schemas['directory_practitioner_wish'], 'site_id' | 'agenda_name' | 'tint'>;

export function entryWish(draft: EntryDraft): EntryWish {
  return {
    national_number: draft.national_number.trim() || null,
    title: draft.title.trim(),
    given_name: draft.given_name.trim(),
    family_name: draft.family_name.trim(),
    specialties: draft.specialties,
    sector: draft.sector || null,
    languages: draft.languages,
  };
}
