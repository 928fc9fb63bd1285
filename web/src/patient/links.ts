// The addresses of the patients' pages that carry a choice with them.
import type { FoundPractitioner } from '../api/types';
import { href } from '../router';

/** Whose page it is: a practitioner's, or a whole practice's where nobody in particular receives. */
export interface Host {
  practitioner_id: string | null;
  practice_id: string;
}

export function isOrganisation(host: Host): boolean {
  return host.practitioner_id === null;
}

export function pagePath(host: Host): `/organisations/${string}` | `/practitioners/${string}` {
  return isOrganisation(host) ? `/organisations/${host.practice_id}` : `/practitioners/${host.practitioner_id}`;
}

export interface BookingChoice {
  /** One of the two is ''. */
  practitioner: string;
  organisation: string;
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
  return href(pagePath(found), query);
}
