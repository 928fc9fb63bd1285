// What the agenda's page shows: the days, the agendas, what is open beside them. The address keeps
// day and view, so that they can be linked and come back; the device keeps which agendas are shown.
import { resource, type Resource } from '../../api/resource.svelte';
import { location, setQuery } from '../../navigation.svelte';
import { addDays, dayIn, mondayOf, weekdayOf } from '../../words/days';
import { readKept } from '../kept';
import { practice } from '../practice.svelte';
import type { Absence, FoundPatient, Schedule, StaffAgenda, Visit } from '../types';

export type View = 'week' | 'day' | 'list';

/** What stands at the right of the agenda. */
export type Aside =
  | { kind: 'visit'; appointment_id: string }
  | { kind: 'book'; patient: FoundPatient | null; agenda_id: string | null; day: string | null; minutes: number | null }
  | {
      kind: 'move';
      visit: Visit;
      agenda_id: string | null;
      day: string | null;
      minutes: number | null;
      /** Others that an absence displaced, still to be moved after this one. */
      rest: readonly Visit[];
    }
  | { kind: 'block'; agenda_id: string; day: string; minutes: number | null }
  | { kind: 'absence'; absence: Absence }
  | { kind: 'displaced'; visits: readonly Visit[] };

const hiddenKey = 'manent.agendas.hidden';

export class AgendaState {
  aside = $state.raw<Aside | null>(null);
  /** The visit that was touched last; keys act on it. */
  selected = $state<string | null>(null);
  #hidden = $state.raw<readonly string[]>(readHidden() ?? othersAgendas());
  /** Closed agendas that the reader asked to see: what is booked there stays. */
  #closedShown = $state.raw<readonly string[]>([]);
  /** Grows when the server says that something changed. */
  #hints = $state(0);
  readonly schedule: Resource<Schedule>;
  readonly todays: Resource<Schedule>;

  constructor() {
    this.schedule = resource((signal) => this.#read(this.first, this.last, signal));
    this.todays = resource((signal) =>
      this.first <= this.today && this.today <= this.last ? null : this.#read(this.today, this.today, signal),
    );
  }

  #read(from: string, to: string, signal: AbortSignal) {
    void this.#hints;
    if (practice.everyAgenda.length === 0) return null;
    return readKept<Schedule>(practice.at('/schedule'), { query: { from, to }, signal });
  }

  get today(): string {
    return dayIn(practice.zone);
  }
  get day(): string {
    const asked = location.query.get('date') ?? '';
    if (/^\d{4}-\d{2}-\d{2}$/.test(asked)) return asked;
    // Who opens the agenda on a Sunday asks about the week to come.
    return weekdayOf(this.today) === 7 ? addDays(this.today, 1) : this.today;
  }
  get view(): View {
    const asked = location.query.get('view');
    if (asked === 'week' || asked === 'day' || asked === 'list') return asked;
    // On a telephone lists come before grids.
    return window.matchMedia('(min-width: 48rem)').matches ? 'week' : 'list';
  }
  get first(): string {
    return this.view === 'week' ? mondayOf(this.day) : this.day;
  }
  get last(): string {
    return this.view === 'week' ? addDays(this.first, 6) : this.day;
  }
  get days(): string[] {
    return this.view === 'week' ? Array.from({ length: 7 }, (_, index) => addDays(this.first, index)) : [this.day];
  }
  get agendas(): StaffAgenda[] {
    const shown = practice.agendas.filter((one) => !this.#hidden.includes(one.agenda_id));
    const closed = practice.closedAgendas.filter((one) => this.#closedShown.includes(one.agenda_id));
    const all = [...shown, ...closed];
    return all.length > 0 ? all : practice.agendas.slice(0, 1);
  }
  /** The appointments shown, without cancelled ones, earliest first. */
  get visits(): Visit[] {
    return this.#ofShown(this.schedule.value?.appointments ?? []).filter((one) => one.state !== 'cancelled');
  }
  /** Patients who have arrived today and wait. */
  get waiting(): Visit[] {
    const all = (this.todays.value ?? this.schedule.value)?.appointments ?? [];
    return all
      .filter((one) => one.state === 'arrived' && dayIn(practice.zone, one.starts_at) === this.today)
      .sort(byTime);
  }
  get selectedVisit(): Visit | null {
    return this.schedule.value?.appointments.find((one) => one.appointment_id === this.selected) ?? null;
  }

  #ofShown(visits: readonly Visit[]): Visit[] {
    const shown = new Set(this.agendas.map((one) => one.agenda_id));
    return visits.filter((one) => shown.has(one.agenda_id)).sort(byTime);
  }

  show(day: string, view: View = this.view): void {
    setQuery({ date: day, view });
  }
  step(direction: 1 | -1): void {
    this.show(addDays(this.day, direction * (this.view === 'week' ? 7 : 1)));
  }
  isShown(agenda_id: string): boolean {
    return this.agendas.some((one) => one.agenda_id === agenda_id);
  }
  toggle(agenda_id: string): void {
    if (practice.agenda(agenda_id)?.closed) {
      const rest = this.#closedShown.filter((one) => one !== agenda_id);
      this.#closedShown = rest.length === this.#closedShown.length ? [...rest, agenda_id] : rest;
      return;
    }
    const others = this.#hidden.filter((one) => one !== agenda_id);
    this.#hidden = others.length === this.#hidden.length ? [...others, agenda_id] : others;
    try {
      localStorage.setItem(hiddenKey, JSON.stringify(this.#hidden));
    } catch {
      // Without storage all agendas are shown next time.
    }
  }
  select(visit: Visit): void {
    this.selected = visit.appointment_id;
    this.aside = { kind: 'visit', appointment_id: visit.appointment_id };
  }
  /** Reads what is shown again: after an act, and when the server hints at a change. */
  reread(): void {
    this.#hints += 1;
  }
  close(): void {
    this.aside = null;
  }
}

function byTime(a: Visit, b: Visit): number {
  return Date.parse(a.starts_at) - Date.parse(b.starts_at);
}

/** What this device remembers; null before the first choice. */
function readHidden(): string[] | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(hiddenKey) ?? 'null');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : null;
  } catch {
    return null;
  }
}

/** A practitioner begins with their own agendas, everybody else with all. */
function othersAgendas(): string[] {
  const mine = practice.membership?.practitioner_id ?? null;
  const own = practice.agendas.filter((one) => one.practitioner_id === mine);
  if (mine === null || own.length === 0) return [];
  return practice.agendas.filter((one) => !own.includes(one)).map((one) => one.agenda_id);
}
