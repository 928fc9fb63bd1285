// What staff do to appointments. Each act is one request under its own key; a refusal comes back as a
// value for the panel that asked, and the screen reads the day again afterwards.
import { api, newKey } from '../../api/client';
import type { Answer } from '../../api/problem';
import type { Schemas } from '../../api/types';
import { practice } from '../practice.svelte';
import type { Absence, AddedAbsence, Consultation, Visit, VisitState } from '../types';

export type BookingWish = Schemas['booking_staff_booking_wish'];

export function book(wish: BookingWish): Promise<Answer<Visit>> {
  return api.post(practice.at('/appointments'), { key: newKey(), body: wish });
}

export function move(visit: Visit, to: Omit<Schemas['booking_staff_move_wish'], 'version'>): Promise<Answer<Visit>> {
  const body: Schemas['booking_staff_move_wish'] = { ...to, version: visit.version };
  return api.post(practice.at(`/appointments/${visit.appointment_id}/move`), { key: newKey(), body });
}

export function setState(visit: Visit, state: VisitState): Promise<Answer<Visit>> {
  const body: Schemas['booking_state_wish'] = { state, version: visit.version };
  return api.post(practice.at(`/appointments/${visit.appointment_id}/state`), { key: newKey(), body });
}

export function block(wish: Schemas['booking_absence_wish']): Promise<Answer<AddedAbsence>> {
  return api.post(practice.at('/absences'), { key: newKey(), body: wish });
}

export function unblock(absence: Absence): Promise<Answer<null>> {
  return api.del(practice.at(`/absences/${absence.absence_id}`));
}

/** Opens a consultation; the same appointment twice answers the consultation that is already open. */
export function openConsultation(
  wish: Omit<Schemas['record_opening_wish'], 'consultation_id'>,
): Promise<Answer<Consultation>> {
  // The id is made here, so that writing could begin before the server has answered.
  const body: Schemas['record_opening_wish'] = { consultation_id: crypto.randomUUID(), ...wish };
  return api.post(practice.at('/consultations'), { key: newKey(), body });
}

/** A refusal that an explicit second press may overrule. */
export function mayOverbook(code: string): boolean {
  return code === 'overlaps' || code === 'outside_openings';
}
