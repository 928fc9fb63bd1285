// Cancelling an appointment: it waits a few seconds in which it can be kept after all, and it says so.
// Nothing is called cancelled before the server has answered.
import { SvelteSet } from 'svelte/reactivity';
import { api, newKey } from '../api/client';
import type { Appointment, Schemas } from '../api/types';
import { sayProblem } from '../parts/say-problem';
import { toasts } from '../parts/toasts.svelte';
import { sayMoment } from '../words/dates';
import { t } from '../words/words.svelte';

/** Identifiers of the appointments that are about to be cancelled. */
export const cancelling = new SvelteSet<string>();

/** Announces the cancelling; `done` runs with what the server made of it. */
export function cancelSoon(appointment: Appointment, done: (cancelled: Appointment | null) => void): void {
  const { appointment_id: id, starts_at, site } = appointment;
  const moment = sayMoment(starts_at, site.time_zone);
  cancelling.add(id);
  toasts.later(
    t('cancel.soon', { moment }),
    t('cancel.keep'),
    () => void send(appointment, moment, done),
    () => cancelling.delete(id),
  );
}

async function send(appointment: Appointment, moment: string, done: (cancelled: Appointment | null) => void) {
  const { appointment_id: id, version } = appointment;
  const body: Schemas['booking_own_cancel_wish'] = { version };
  const options = { body, key: newKey(), keepalive: true };
  const answer = await api.post(`/me/appointments/${id}/cancel`, options);
  cancelling.delete(id);
  if (answer.ok) toasts.say(t('cancel.done', { moment }));
  else toasts.say(t('cancel.refused', { reason: sayProblem(answer.problem) }), 'broken');
  done(answer.ok ? answer.value : null);
}
