// What travels between the screens and the server, as the contract words it. Instants are RFC 3339
// texts with the site's offset, days are YYYY-MM-DD, identifiers are UUID texts.

export interface Items<T> {
  items: T[];
}

// Session and accounts
export type Role = 'practitioner' | 'secretary' | 'administrator';
export type Sex = 'female' | 'male' | 'unknown';
export type Relation = 'self' | 'child' | 'parent' | 'other';

export interface DemonstrationAccount {
  label: string;
  role: Role | 'patient';
  email: string;
  password: string;
  totp: string | null;
}
export interface Demonstration {
  accounts: DemonstrationAccount[];
}
export interface Membership {
  practice_id: string;
  practice_name: string;
  role: Role;
  practitioner_id: string | null;
  pin_set: boolean;
}
export interface Person {
  person_id: string;
  given_name: string;
  family_name: string;
  email: string;
  language: 'fr' | 'en' | 'es';
}
export interface SignedOut {
  signed_in: false;
  demonstration: Demonstration | null;
}
export interface SignedIn {
  signed_in: true;
  locked: boolean;
  person: Person;
  memberships: Membership[];
  expires_at: string;
  demonstration: Demonstration | null;
}
export type Session = SignedOut | SignedIn;

export interface CodeRequired {
  state: 'code_required';
  channel: 'mail' | 'totp';
  sign_in_id: string;
}
export type SignInStep = { state: 'signed_in' } | CodeRequired;

export interface AccountWish {
  email: string;
  password: string;
  given_name: string;
  family_name: string;
  birth_date: string;
  sex: Sex;
  phone?: string;
  language: 'fr' | 'en' | 'es';
}
export interface TotpEnrolment {
  secret: string;
  otpauth_uri: string;
  recovery_codes: string[];
}
export interface FamilyMember {
  person_id: string;
  given_name: string;
  family_name: string;
  birth_date: string;
  sex: Sex;
  relation: Relation;
}
export interface DeskPerson {
  person_id: string;
  name: string;
  pin_set: boolean;
}

// Directory
export type Modality = 'in_practice' | 'home' | 'video';
export type Sector = 'c1' | 'c2' | 'c3' | 'nc';
export type Admits = 'new' | 'known' | 'both';

export interface Specialty {
  specialty: string;
  label: string;
  common: boolean;
  tint: number;
}
export interface Place {
  insee: string;
  name: string;
  postal_code: string;
  departement: string;
  latitude: number;
  longitude: number;
}
export interface Site {
  site_id: string;
  name: string;
  lines: string[];
  postal_code: string;
  city: string;
  latitude: number | null;
  longitude: number | null;
  time_zone: string;
  access?: string;
  phone?: string;
}
export interface FoundPractitioner {
  practitioner_id: string;
  name: string;
  specialty: string;
  specialty_label: string;
  agenda_id: string;
  practice_name: string;
  site: Site;
  distance_km: number | null;
  sector: Sector | null;
  languages: string[];
  modalities: Modality[];
  motive_id: string | null;
  next_slots: string[];
}
export interface Found {
  total: number;
  place: Place | null;
  items: FoundPractitioner[];
}
export interface Motive {
  motive_id: string;
  label: string;
  duration_min: number;
  modality: Modality;
  admits: Admits;
  earliest_min: number;
  latest_days: number;
  cancel_min: number;
  tint: number;
  sign: string;
  instructions: string;
}
export interface PublicAgenda {
  agenda_id: string;
  practice_id: string;
  practice_name: string;
  site: Site;
  motives: Motive[];
}
export interface Practitioner {
  practitioner_id: string;
  name: string;
  specialty: string;
  specialty_label: string;
  sector: Sector | null;
  sector_label: string | null;
  languages: string[];
  presentation: string;
  agendas: PublicAgenda[];
}
export interface SlotDay {
  date: string;
  slots: string[];
}
export interface Slots {
  time_zone: string;
  days: SlotDay[];
  next_date: string | null;
}

// Booking
export interface Hold {
  hold_id: string;
  hold_token: string;
  expires_at: string;
  starts_at: string;
  ends_at: string;
}
export interface BookingWish {
  agenda_id: string;
  motive_id: string;
  starts_at: string;
  known: boolean;
  person_id?: string;
  hold?: { hold_id: string; hold_token: string };
  note?: string;
}
export type AppointmentState = 'booked' | 'arrived' | 'fulfilled' | 'noshow' | 'cancelled';

export interface Appointment {
  appointment_id: string;
  practice_id: string;
  practice_name: string;
  agenda_id: string;
  practitioner_id: string | null;
  practitioner_name: string;
  specialty_label: string;
  motive_id: string;
  motive_label: string;
  modality: Modality;
  instructions: string;
  site: Site;
  starts_at: string;
  ends_at: string;
  state: AppointmentState;
  person: { person_id: string; given_name: string; family_name: string };
  can_move: boolean;
  can_cancel: boolean;
  cancel_until: string;
  version: number;
}
export interface MyAppointments {
  upcoming: Appointment[];
  past: Appointment[];
}
export interface AccessEvent {
  at: string;
  practice_name: string;
  actor_name: string;
  action: 'read' | 'write';
  what: 'patient' | 'consultation' | 'appointment';
}

// Demonstration
export interface DemonstrationMail {
  mail_id: string;
  to: string;
  subject: string;
  text: string;
  sent_at: string;
  calendar: string | null;
}
