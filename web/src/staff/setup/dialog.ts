// What the practice's page may have open above it.
import type { OwnPractitioner, OwnSite, StaffAgenda } from '../types';

export type SetupDialog =
  | { kind: 'site'; site: OwnSite | null }
  | { kind: 'practitioner' }
  | { kind: 'entry'; of: OwnPractitioner }
  | { kind: 'agenda'; agenda: StaffAgenda | null; practitioner: OwnPractitioner | null }
  | { kind: 'account'; of: OwnPractitioner }
  | { kind: 'invite' };
