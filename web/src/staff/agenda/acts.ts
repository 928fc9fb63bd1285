// What staff do to appointments. Each act is one request under its own key; a refusal comes back as a
// value for the panel that asked, and the screen reads the day again afterwards.
import { api, newKey } from '../../api/client';
import type { Answer } from '../../api/problem';
import { practice } from '../practice.svelte';
import type { Absence, Consultation, ConsultationKind, Visit, VisitState } from '../types';

export interface BookingWish {
  agenda_id: string;
  motive_id: string;
  patient_id: string;
  starts_at: string;
  duration_min?: number;
  note?: string;
  overbook?: boolean;
}

export function book(wish: BookingWish): Promise<Answer<Visit>> {
  return api.post<Visit>(practice.at('/appointments'), { key: newKey(), body: wish });
}

export function move(
  visit: Visit,
  to: { agenda_id: string; starts_at: string; overbook?: boolean },
): Promise<Answer<Visit>> {
  const body = { ...to, version: visit.version };
  return api.post<Visit>(practice.at(`/appointments/${visit.appointment_id}/move`), { key: newKey(), body });
}

export function setState(visit: Visit, state: VisitState): Promise<Answer<Visit>> {
  const body = { state, version: visit.version };
  return api.post<Visit>(practice.at(`/appointments/${visit.appointment_id}/state`), { key: newKey(), body });
}

export interface AbsenceWish {
  agenda_id: string;
  starts_at: string;
  ends_at: string;
  reason?: string;
}

export function block(wish: AbsenceWish): Promise<Answer<{ absence: Absence; displaced: Visit[] }>> {
  return api.post(practice.at('/absences'), { key: newKey(), body: wish });
}

export function unblock(absence: Absence): Promise<Answer<null>> {
  return api.del(practice.at(`/absences/${absence.absence_id}`));
}

/** Opens a consultation; the same appointment twice answers the consultation that is already open. */
export function openConsultation(wish: {
  patient_id: string;
  appointment_id?: string;
  kind: ConsultationKind;
}): Promise<Answer<Consultation>> {
  // The id is made here, so that writing could begin before the server has answered.
  const body = { consultation_id: crypto.randomUUID(), ...wish };
  return api.post<Consultation>(practice.at('/consultations'), { key: newKey(), body });
}

/** A refusal that an explicit second press may overrule. */
export function mayOverbook(code: string): boolean {
  return code === 'overlaps' || code === 'outside_openings';
}
