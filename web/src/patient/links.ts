// The addresses of the patients' pages that carry a choice with them.
import type { FoundPractitioner } from '../api/types';
import { href } from '../router';

export interface BookingChoice {
  practitioner: string;
  agenda: string;
  motive: string;
  at?: string | undefined;
  /** 'true', 'false', or '' while nobody has said. */
  known?: string | undefined;
}

export function bookingHref(choice: BookingChoice): string {
  return href('/booking', { ...choice });
}

export function practitionerHref(found: FoundPractitioner, known: string): string {
  const query = { agenda: found.agenda_id, motive: found.motive_id ?? '', known };
  return href(`/practitioners/${found.practitioner_id}`, query);
}
