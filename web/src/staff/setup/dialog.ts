// What the practice's page may have open above it.
import type { OwnPractice, OwnPractitioner, OwnSite, StaffAgenda } from '../types';

export type SetupDialog =
  | { kind: 'practice'; of: OwnPractice }
  | { kind: 'site'; site: OwnSite | null }
  | { kind: 'practitioner' }
  | { kind: 'entry'; of: OwnPractitioner }
  | { kind: 'agenda'; agenda: StaffAgenda | null; practitioner: OwnPractitioner | null }
  | { kind: 'account'; of: OwnPractitioner }
  | { kind: 'invite' };
