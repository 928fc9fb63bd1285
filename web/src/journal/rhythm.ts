// When to send: half a second after the last key, two seconds at most while typing, one request in
// flight per subject, and after a failure again for ever with growing pauses. Pure: the clock and
// the dice are given. Times are milliseconds of one clock.

export const quiet_ms = 500;
export const typing_ms_max = 2_000;
export const pause_ms_first = 1_000;
export const pause_ms_max = 30_000;

export interface Pace {
  /** When the oldest change that waits was typed; null when nothing waits. */
  first_key_at: number | null;
  /** When the newest change that waits was typed. */
  last_key_at: number | null;
  in_flight: boolean;
  /** Not before this time, after a failure; null when the last request had an answer. */
  not_before: number | null;
}

/** The time at which to send; null when there is nothing to do but wait for an event. */
export function dueAt(pace: Pace): number | null {
  if (pace.in_flight) return null;
  if (pace.first_key_at === null || pace.last_key_at === null) return null;
  const by_rhythm = Math.min(pace.last_key_at + quiet_ms, pace.first_key_at + typing_ms_max);
  return Math.max(by_rhythm, pace.not_before ?? by_rhythm);
}

/**
 * How long to pause after the nth failure in a row (1 is the first). `dice` in [0, 1) spreads the
 * devices of a practice, so that they do not all come back in the same instant.
 */
export function pauseAfter(failures: number, dice: number): number {
  const full = Math.min(pause_ms_max, pause_ms_first * 2 ** Math.min(failures - 1, 10));
  return Math.round(full / 2 + (full / 2) * dice);
}
