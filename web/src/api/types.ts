// What the screens call the things that travel. The shapes are the server's own, generated into
// schema.ts (`npm run types`). Instants are RFC 3339 texts with the site's offset, days are YYYY-MM-DD,
// identifiers are UUID texts.
import type { Answer } from './problem';
import type { components } from './schema';

/** The server's structures by the names that its document gives them. */
export type Schemas = components['schemas'];

/**
 * `Shape` with some members said more exactly than the server's document says them. Only members that it has can
 * be named, and only for what is still of the documented type.
 */
export type Exactly<Shape, Members extends { [Name in keyof Members]: Name extends keyof Shape ? Shape[Name] : never }> = {
  [Name in keyof Shape]: Name extends keyof Members ? Members[Name] : Shape[Name];
};

export interface Items<T> {
  items: T[];
}

// Session and accounts
export type Role = Schemas['identity_role'];
export type Sex = Schemas['identity_sex'];
export type Relation = Schemas['identity_relation'];

export type DemonstrationAccount = Schemas['identity_demonstration_account'];
export type Demonstration = Schemas['identity_demonstration_answer'];
export type Membership = Schemas['identity_session_membership'];
export type Person = Schemas['identity_session_person'];
// The document tells the two apart by their members; the screens by the value of one.
export type SignedOut = Exactly<
  Schemas['identity_signed_out_answer'],
  { signed_in: false; demonstration: Demonstration | null }
>;
export type SignedIn = Exactly<
  Schemas['identity_signed_in_answer'],
  { signed_in: true; demonstration: Demonstration | null }
>;
export type Session = SignedOut | SignedIn;

/** A step that waits for a code has a `sign_in_id`; one that is done has none. */
export type CodeRequired = Schemas['identity_step_waiting'];
export type SignInStep = Schemas['identity_step_done'] | CodeRequired;

export type AccountWish = Schemas['identity_account_request'];
export type TotpEnrolment = Schemas['identity_totp_enrolment'];
export type FamilyMember = Schemas['identity_known_person'];
export type DeskPerson = Schemas['identity_desk_person'];

// Directory
export type Modality = Schemas['directory_modality'];
export type Sector = Schemas['directory_convention_sector'];
export type Admits = Schemas['directory_admission'];

export type Specialty = Schemas['directory_specialty_answer'];
export type Place = Schemas['directory_place_answer'];
/** A site; how to get in and its telephone where a single one is shown. */
export type Site = Schemas['directory_site_answer'] &
  Partial<Pick<Schemas['directory_site_page_answer'], 'access' | 'phone'>>;
export type FoundPractitioner = Schemas['directory_found_answer'];
export type Found = Schemas['directory_search_answer'];
export type Motive = Schemas['directory_motive_answer'];
export type PublicAgenda = Schemas['directory_agenda_answer'];
export type Practitioner = Schemas['directory_practitioner_answer'];

export type SlotDay = Schemas['booking_slot_day'];
export type Slots = Schemas['booking_slots_view'];

// Booking
export type Hold = Schemas['booking_held'];
export type BookingWish = Schemas['booking_booking_wish'];
export type AppointmentState = Schemas['booking_state'];
export type Appointment = Schemas['booking_own_appointment'];
export type MyAppointments = Schemas['booking_own_appointments'];
export type AccessEvent = Schemas['identity_access_event'];

// Demonstration
export type DemonstrationMail = Schemas['notify_shown_letter'];

// Incidents
export type Incident = Schemas['incident_incident_view'];
export type Operation = Schemas['incident_operation_view'];
/** What was noticed: identifiers and figures by the detector's own names. */
export type EvidenceFacts = Readonly<Record<string, unknown>>;
export type Evidence = Omit<Schemas['incident_evidence_view'], 'facts'> & { facts: EvidenceFacts };
export type IncidentDetail = Omit<Schemas['incident_incident_detail'], 'evidence'> & { evidence: Evidence[] };
export type ReadIncident = (incident: Incident) => Promise<Answer<Schemas['incident_incident_detail']>>;
