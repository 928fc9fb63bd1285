// One booking while it is being made: what is chosen stands in the address, what is written in this
// object, and the way through the four steps follows from what is still missing.
import { api, newKey } from '../../api/client';
import type { Problem } from '../../api/problem';
import type { Appointment, BookingWish, Motive, Practitioner, PublicAgenda } from '../../api/types';
import { location, setQuery } from '../../navigation.svelte';
import { session } from '../../app/session.svelte';
import { admits, agendaOf } from '../motives';
import { HoldKeeper } from './hold.svelte';

export type Step = 'motive' | 'person' | 'time' | 'confirm';
export const steps: readonly Step[] = ['motive', 'person', 'time', 'confirm'];

export class Booking {
  practitioner = $state.raw<Practitioner | null>(null);
  /** The relative it is for; '' is oneself. */
  person = $state('');
  personName = $state('');
  personChosen = $state(false);
  note = $state('');
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  /** The step that the reader opened again, before the first unfinished one. */
  reopened = $state<Step | null>(null);
  readonly hold = new HoldKeeper();
  #key = '';
  #keyOf = '';

  get agenda(): PublicAgenda | null {
    return this.practitioner ? agendaOf(this.practitioner, location.query.get('agenda') ?? '') : null;
  }
  get motive(): Motive | null {
    const id = location.query.get('motive');
    const motive = this.agenda?.motives.find((each) => each.motive_id === id) ?? null;
    return motive && admits(motive, this.known) ? motive : null;
  }
  get at(): string {
    const at = location.query.get('at') ?? '';
    return Number.isNaN(Date.parse(at)) ? '' : at;
  }
  /** 'true', 'false', or '' while nobody has said. */
  get known(): string {
    const known = location.query.get('known') ?? '';
    return known === 'true' || known === 'false' ? known : '';
  }
  get isKnown(): boolean {
    return this.known === '' ? this.motive?.admits === 'known' : this.known === 'true';
  }
  get signedIn(): boolean {
    return session.signedIn !== null && !session.signedIn.locked;
  }

  finished(step: Step): boolean {
    if (step === 'motive') return this.motive !== null && this.known !== '';
    if (step === 'person') return this.signedIn && this.personChosen;
    return step === 'time' ? this.at !== '' : false;
  }
  get current(): Step {
    return this.reopened ?? steps.find((step) => !this.finished(step)) ?? 'confirm';
  }

  choose(values: { motive?: string; known?: string; at?: string }): void {
    this.problem = null;
    setQuery(values);
  }
  choosePerson(id: string, name: string): void {
    this.person = id;
    this.personName = name;
    this.personChosen = true;
    this.reopened = null;
  }

  /** Asks to keep the chosen time, once there is one and a motive for it. */
  keepTime(): void {
    if (!this.agenda || !this.motive || !this.at) return;
    const { agenda_id } = this.agenda;
    const wish = { agenda_id, motive_id: this.motive.motive_id, starts_at: this.at, known: this.isKnown };
    void this.hold.keep(wish);
  }

  /** Books. Repeated with the same wish it repeats the same key, so that an answer that was lost on
   *  the way is found again and never becomes a second appointment. */
  async confirm(): Promise<Appointment | null> {
    const wish = this.#wish();
    if (!wish) return null;
    const asText = JSON.stringify(wish);
    if (this.#keyOf !== asText) {
      this.#key = newKey();
      this.#keyOf = asText;
    }
    this.busy = true;
    const answer = await api.post('/appointments', { body: wish, key: this.#key });
    this.busy = false;
    this.problem = answer.ok ? null : answer.problem;
    if (answer.ok) this.hold.forget();
    else this.#takeIn(answer.problem);
    return answer.ok ? answer.value : null;
  }

  #wish(): BookingWish | null {
    if (!this.agenda || !this.motive || !this.at) return null;
    const wish: BookingWish = {
      agenda_id: this.agenda.agenda_id,
      motive_id: this.motive.motive_id,
      starts_at: this.at,
      known: this.isKnown,
    };
    const { hold } = this.hold;
    if (this.person) wish.person_id = this.person;
    if (hold) wish.hold = { hold_id: hold.hold_id, hold_token: hold.hold_token };
    if (this.note.trim()) wish.note = this.note.trim();
    return wish;
  }

  #takeIn(problem: Problem): void {
    if (problem.code === 'key_reused') this.#keyOf = '';
    if (problem.code === 'hold_expired' || problem.code === 'slot_taken') this.hold.forget();
    if (problem.code === 'hold_expired') this.hold.expired = true;
    if (problem.code === 'not_signed_in') this.personChosen = false;
  }
}
