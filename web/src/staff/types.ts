// What the staff's screens call the things that travel. The shapes are the server's own, generated into
// ../api/schema.ts. Instants are RFC 3339 texts with the site's offset, days YYYY-MM-DD, identifiers UUID texts.
import type { Schemas } from '../api/types';

/** A motive; under its agenda the server tells no others. */
export type StaffMotive = Schemas['booking_motive_view'];
export type StaffAgenda = Schemas['booking_agenda_view'];

export type OwnPractice = Schemas['directory_own_practice'];
export type OwnSite = Schemas['directory_own_site'];
export type OwnPractitioner = Schemas['directory_own_practitioner'];
export type Member = Schemas['identity_practice_member'];

export type VisitState = Schemas['booking_state'];

/** An appointment as the practice sees it. */
export type Visit = Schemas['booking_visit'];

export type VisitChange = Schemas['booking_visit_change'];
export type VisitWithChanges = Schemas['booking_visit_with_changes'];

export type Absence = Schemas['booking_absence_view'];
export type AddedAbsence = Schemas['booking_added_absence'];
export type OpenTime = Schemas['booking_open_time'];
export type Schedule = Schemas['booking_schedule_view'];

/** A range of opening hours; one that was just added has no id yet. */
export type OpeningRule = Omit<Schemas['booking_opening_view'], 'opening_id'> & { opening_id?: string };
export type Openings = Schemas['booking_openings_view'];

export type FoundPatient = Schemas['record_found_patient'];
export type Address = Schemas['record_address_view'];
export type Patient = Schemas['record_patient_view'];

/** A journalled field as the server answers it. */
export type FieldHeads = Schemas['record_field_view'];

export const patientFields = ['allergies', 'antecedents', 'treatments'] as const satisfies (keyof Schemas['record_patient_fields'])[];
export type PatientField = keyof Schemas['record_patient_fields'];
export const observationFields = [
  'motif',
  'interrogatoire',
  'examen',
  'conclusion',
] as const satisfies (keyof Schemas['record_observation_fields'])[];
export type ObservationField = keyof Schemas['record_observation_fields'];

export type ConsultationKind = Schemas['record_consultation_kind'];
export type ConsultationState = Schemas['record_consultation_state'];
export type ConsultationLine = Schemas['record_consultation_line'];

export type PatientRecord = Schemas['record_record_view'];

export type Addendum = Schemas['record_addendum_view'];
export type Consultation = Schemas['record_consultation_view'];
