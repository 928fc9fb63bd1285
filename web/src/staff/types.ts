// What travels between the staff's screens and the server, as the contract words it. Instants are
// RFC 3339 texts with the site's offset, days YYYY-MM-DD, identifiers UUID texts.
import type { Admits, Modality, Sex } from '../api/types';
import type { Head } from '../journal/types';

export interface StaffMotive {
  motive_id: string;
  label: string;
  duration_min: number;
  modality: Modality;
  admits: Admits;
  tint: number;
  sign: string;
  earliest_min: number;
  latest_days: number;
  cancel_min: number;
  public: boolean;
  instructions?: string;
  /** Whether one person may hold several appointments of it at once. */
  repeatable?: boolean;
}

export interface StaffAgenda {
  agenda_id: string;
  name: string;
  practitioner_id: string | null;
  site_id: string;
  site_name: string;
  time_zone: string;
  schedule_version: number;
  tint: number;
  motives: StaffMotive[];
}

export type VisitState = 'held' | 'booked' | 'arrived' | 'fulfilled' | 'noshow' | 'cancelled';

/** An appointment as the practice sees it. */
export interface Visit {
  appointment_id: string;
  agenda_id: string;
  motive_id: string;
  motive_label: string;
  tint: number;
  sign: string;
  modality: Modality;
  patient_id: string | null;
  patient_name: string;
  patient_birth_date: string | null;
  patient_phone: string | null;
  starts_at: string;
  ends_at: string;
  state: VisitState;
  lane: number;
  note: string;
  booked_by: 'patient' | 'staff';
  consultation_id: string | null;
  version: number;
  new_patient: boolean;
}

export interface VisitChange {
  at: string;
  actor_name: string;
  what: 'booked' | 'moved' | 'state';
  from: string | null;
  to: string | null;
}

export interface Absence {
  absence_id: string;
  agenda_id: string;
  starts_at: string;
  ends_at: string;
  reason: string;
}

export interface OpenTime {
  agenda_id: string;
  starts_at: string;
  ends_at: string;
}

export interface Schedule {
  appointments: Visit[];
  absences: Absence[];
  openings: OpenTime[];
}

export interface OpeningRule {
  opening_id?: string;
  weekday: number | null;
  date: string | null;
  start: string;
  end: string;
  valid_from: string | null;
  valid_until: string | null;
  motive_ids: string[];
  audience: 'public' | 'professionals' | 'regulators';
  capacity: number;
  step_min: number | null;
}

export interface Openings {
  schedule_version: number;
  items: OpeningRule[];
}

export interface FoundPatient {
  patient_id: string;
  birth_name: string;
  used_name: string | null;
  given_names: string;
  birth_date: string;
  sex: Sex;
  phone: string | null;
  email: string | null;
  next_appointment: string | null;
  last_seen: string | null;
}

export interface Address {
  lines: string[];
  postal_code: string;
  city: string;
}

export interface Patient {
  patient_id: string;
  birth_name: string;
  used_name: string | null;
  given_names: string;
  birth_date: string;
  sex: Sex;
  birth_place: string | null;
  phone: string | null;
  email: string | null;
  address: Address | null;
  version: number;
}

/** A journalled field as the server answers it. */
export interface FieldHeads {
  heads: Head[];
}

export const patientFields = ['allergies', 'antecedents', 'treatments'] as const;
export type PatientField = (typeof patientFields)[number];
export const observationFields = ['motif', 'interrogatoire', 'examen', 'conclusion'] as const;
export type ObservationField = (typeof observationFields)[number];

export type ConsultationKind = 'in_practice' | 'home' | 'video' | 'phone' | 'result';
export type ConsultationState = 'open' | 'closed' | 'retracted';

export interface ConsultationLine {
  consultation_id: string;
  opened_at: string;
  closed_at: string | null;
  kind: ConsultationKind;
  practitioner_name: string;
  summary: string;
  state: ConsultationState;
}

export interface PatientRecord {
  patient: Patient;
  fields: Record<PatientField, FieldHeads>;
  consultations: ConsultationLine[];
  appointments: Visit[];
}

export interface Addendum {
  recorded_at: string;
  author_name: string;
  field: ObservationField;
  text: string;
}

export interface Consultation {
  consultation_id: string;
  patient: Patient;
  kind: ConsultationKind;
  appointment: Visit | null;
  practitioner_name: string;
  opened_at: string;
  closed_at: string | null;
  state: ConsultationState;
  fields: Record<ObservationField, FieldHeads>;
  addenda: Addendum[];
  retraction: { at: string; by: string; reason: string; refiled_as: string | null } | null;
}
