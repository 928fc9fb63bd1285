// When the next request may go: the rhythm of the keys, the pauses after failures, what a server asked for. Keeps times,
// sets no timer.

import { dueAt, pauseAfter } from './rhythm';
import type { Answer } from './types';
import { now, type Waiting } from './work';

export class Pace {
  /** Why nothing goes out at the moment. */
  waiting: Waiting = null;
  private failures = 0;
  private not_before: number | null = null;
  private last_key_at = 0;

  key(): void {
    this.last_key_at = now();
  }

  /** What waits goes without waiting for the keys to rest. */
  hurry(): void {
    this.last_key_at = Number.NEGATIVE_INFINITY;
  }

  /** The network or the session is back: no need to wait out the pause. */
  wake(): void {
    this.not_before = null;
  }

  answered(): void {
    this.failures = 0;
    this.not_before = null;
    this.waiting = null;
  }

  failed(answer: Exclude<Answer, { kind: 'receipt' | 'refused' }>): void {
    this.failures += 1;
    const asked = answer.kind === 'wait' ? (answer.after_ms ?? 0) : 0;
    this.not_before = now() + Math.max(pauseAfter(this.failures, Math.random()), asked);
    this.waiting =
      answer.kind === 'wait' ? { kind: 'server', code: answer.code, detail: answer.detail } : { kind: answer.kind };
  }

  /** When what is sealed may go. */
  dueSealed(in_flight: boolean): number | null {
    return in_flight ? null : (this.not_before ?? now());
  }

  /** When drafts may go, of which the oldest was typed at `first_key_at`; null for never. */
  dueDrafts(first_key_at: number | null, in_flight: boolean): number | null {
    const last_key_at = first_key_at === null ? null : this.last_key_at;
    return dueAt({ first_key_at, last_key_at, in_flight, not_before: this.not_before });
  }
}
