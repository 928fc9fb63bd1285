// The practice in which the signed-in person works at the moment, with its agendas, and the way to
// its addresses. One at a time; the choice is remembered on this device.
import type { Problem } from '../api/problem';
import type { Items, Membership } from '../api/types';
import { session } from '../app/session.svelte';
import { deviceZone } from '../words/dates';
import { readKept } from './kept';
import type { StaffAgenda } from './types';

const storageKey = 'manent.practice';

class Practice {
  membership = $state.raw<Membership | null>(null);
  /** Closed ones included. */
  everyAgenda = $state.raw<StaffAgenda[]>([]);
  problem = $state.raw<Problem | null>(null);

  /** Those that take visits. */
  get agendas(): StaffAgenda[] {
    return this.everyAgenda.filter((one) => !one.closed);
  }
  get closedAgendas(): StaffAgenda[] {
    return this.everyAgenda.filter((one) => one.closed);
  }
  /** The first of the agendas that belong to the person signed in, if any does. */
  get ownAgenda(): StaffAgenda | undefined {
    const own = this.membership?.practitioner_id ?? null;
    return own === null ? undefined : this.agendas.find((one) => one.practitioner_id === own);
  }
  get id(): string {
    return this.membership?.practice_id ?? '';
  }
  /** Who may set the practice up. */
  get administers(): boolean {
    return this.membership?.role === 'administrator';
  }
  /** Who may open consultations and write in them. */
  get isPractitioner(): boolean {
    return this.membership?.role === 'practitioner' || Boolean(this.membership?.practitioner_id);
  }
  /** The zone of the practice's first agenda; what has no agenda of its own is shown in it. */
  get zone(): string {
    return this.everyAgenda[0]?.time_zone ?? deviceZone();
  }

  /** The path of something of this practice, such as `/schedule`. */
  at<Path extends string>(path: Path): `/practices/${string}${Path}` {
    return `/practices/${this.id}${path}`;
  }
  agenda(agenda_id: string): StaffAgenda | undefined {
    return this.everyAgenda.find((one) => one.agenda_id === agenda_id);
  }

  /** Enters the remembered practice, or the first one; none when the person works in none. */
  async enterUsual(): Promise<void> {
    const remembered = readChoice();
    const { memberships } = session;
    const usual = memberships.find((one) => one.practice_id === remembered) ?? memberships[0] ?? null;
    if (usual !== null) await this.enter(usual);
    else this.membership = null;
  }

  async enter(membership: Membership): Promise<void> {
    if (this.id !== membership.practice_id) this.everyAgenda = [];
    this.membership = membership;
    try {
      localStorage.setItem(storageKey, membership.practice_id);
    } catch {
      // Without storage the first practice is entered next time.
    }
    await this.reloadAgendas();
  }

  async reloadAgendas(): Promise<void> {
    const answer = await readKept<Items<StaffAgenda>>(this.at('/agendas'));
    this.problem = answer.ok ? null : answer.problem;
    if (answer.ok) this.everyAgenda = answer.value.items;
  }

  /** Takes what the session now says of this practice. */
  takeMembership(): void {
    this.membership = session.memberships.find((one) => one.practice_id === this.id) ?? this.membership;
  }
}

function readChoice(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

export const practice = new Practice();
