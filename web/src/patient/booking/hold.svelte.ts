// The time that is kept for a patient while the form is filled: asked for, counted down, given back.
// It survives a reload and a closed tab, so that nobody is kept out by a time they keep themselves.
// Booking works without it; it only wins time.
import { api } from '../../api/client';
import type { Problem } from '../../api/problem';
import type { Hold, Schemas } from '../../api/types';

export type HoldWish = Schemas['booking_hold_wish'];
interface Kept {
  wish: string;
  hold: Hold;
}

const storageKey = 'manent.hold';

export class HoldKeeper {
  hold = $state.raw<Hold | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Whole seconds left; 0 when nothing is kept. */
  leftS = $state(0);
  expired = $state(false);
  busy = $state(false);
  #wish = '';
  #asked = 0;
  #clock: ReturnType<typeof setInterval> | undefined;

  /** Keeps the wished time, giving back another one that was kept before. */
  async keep(wish: HoldWish): Promise<void> {
    // Whether the patient is known changes nothing about the time: answering it must not let it go.
    const wanted = JSON.stringify([wish.agenda_id, wish.motive_id, wish.starts_at]);
    if (wanted === this.#wish && (this.hold || this.busy)) return;
    // Read before the release, which forgets it.
    const stored = readKept();
    this.release();
    this.#wish = wanted;
    if (stored?.wish === wanted && secondsLeft(stored.hold) > 0) {
      writeKept(stored);
      return this.#start(stored.hold);
    }
    const asked = ++this.#asked;
    this.busy = true;
    const answer = await api.post('/holds', { body: wish });
    if (asked !== this.#asked) {
      if (answer.ok) giveBack(answer.value);
      return;
    }
    this.busy = false;
    this.problem = answer.ok ? null : answer.problem;
    if (!answer.ok) return;
    writeKept({ wish: wanted, hold: answer.value });
    this.#start(answer.value);
  }

  /** Asks for more time, which the server grants once: for the way to a mailed code and back. */
  async extend(): Promise<void> {
    const { hold } = this;
    if (!hold) return;
    const headers = { 'Hold-Token': hold.hold_token };
    const answer = await api.post(`/holds/${hold.hold_id}/extension`, { headers });
    // Refused, the time simply ends when it was to end: the clock says so by itself.
    if (!answer.ok || this.hold !== hold) return;
    const longer = { ...hold, expires_at: answer.value.expires_at };
    writeKept({ wish: this.#wish, hold: longer });
    this.#start(longer);
  }

  /** Gives the time back; to be called when another is chosen or the page is left unbooked. */
  release(): void {
    if (this.hold) giveBack(this.hold);
    this.forget();
  }

  /** Drops what is known of the hold without telling the server: it became an appointment, or it ended. */
  forget(): void {
    clearInterval(this.#clock);
    writeKept(null);
    this.#asked += 1;
    this.#wish = '';
    Object.assign(this, { hold: null, problem: null, leftS: 0, expired: false, busy: false });
  }

  /** Stops the clock of a page that is being left by a reload, keeping the hold for its return. */
  stop(): void {
    clearInterval(this.#clock);
  }

  #start(hold: Hold): void {
    clearInterval(this.#clock);
    Object.assign(this, { hold, problem: null, expired: false, leftS: secondsLeft(hold) });
    this.#clock = setInterval(() => this.#tick(), 1000);
  }

  #tick(): void {
    this.leftS = this.hold ? secondsLeft(this.hold) : 0;
    if (this.leftS > 0) return;
    clearInterval(this.#clock);
    writeKept(null);
    this.#wish = '';
    this.hold = null;
    this.expired = true;
  }
}

function secondsLeft(hold: Hold): number {
  return Math.max(0, Math.floor((Date.parse(hold.expires_at) - Date.now()) / 1000));
}

function giveBack(hold: Hold): void {
  void api.del(`/holds/${hold.hold_id}`, { headers: { 'Hold-Token': hold.hold_token }, keepalive: true });
}

function readKept(): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? 'null') as Kept | null;
  } catch {
    return null;
  }
}

function writeKept(kept: Kept | null): void {
  try {
    if (kept) localStorage.setItem(storageKey, JSON.stringify(kept));
    else localStorage.removeItem(storageKey);
  } catch {
    // Without storage a reload asks for the time again.
  }
}
