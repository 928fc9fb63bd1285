// The safety of one field as a pure state machine: events in, one mark out. It counts changes: a
// field is saved only when the newest change typed is the newest change whose digest matched.

import type { Refusal, Where } from './types';

/** After this long on the device only, the page says so once. */
export const late_ms = 5_000;

export interface StoredAs {
  revision_id: string;
  copies: number;
  machines: number;
  where: Where | null;
  recorded_at: string;
}

export interface Safety {
  /** Number of the newest change typed on this screen; 0 before the first. */
  typed: number;
  /** Highest change that the journal confirmed to be on the device. */
  journalled: number;
  /** Highest change whose receipt matched the screen's own text. */
  stored: number;
  stored_as: StoredAs | null;
  /** When the oldest change that is not stored yet was typed. */
  waiting_since: number | null;
  /** The receipt named another text; stays until the writer has chosen. */
  different: boolean;
  refusal: Refusal | null;
  /** The journal itself could not keep a change: only this page holds the words. */
  journal_failed: boolean;
  over_long: { length: number; limit: number } | null;
  /** Revision ids the server holds as heads; any that is not this text's own is to be merged. */
  heads: string[];
}

export type SafetyEvent =
  | { kind: 'loaded'; stored_as: StoredAs | null; heads: string[] }
  | { kind: 'typed'; at: number; over_long: Safety['over_long'] }
  | { kind: 'journalled'; change: number }
  | { kind: 'journal_failed' }
  | { kind: 'matched'; change: number; at: number; stored_as: StoredAs; heads: string[] }
  | { kind: 'differs'; heads: string[] }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'resolved' };

export function untouched(): Safety {
  return {
    typed: 0,
    journalled: 0,
    stored: 0,
    stored_as: null,
    waiting_since: null,
    different: false,
    refusal: null,
    journal_failed: false,
    over_long: null,
    heads: [],
  };
}

/** The next state; never changes the one given. */
export function next(safety: Safety, event: SafetyEvent): Safety {
  switch (event.kind) {
    case 'loaded':
      return { ...safety, stored_as: event.stored_as, heads: event.heads };
    case 'typed':
      return {
        ...safety,
        typed: safety.typed + 1,
        waiting_since: safety.waiting_since ?? event.at,
        over_long: event.over_long,
        refusal: null,
      };
    case 'journalled':
      return {
        ...safety,
        journalled: Math.max(safety.journalled, event.change),
        journal_failed: event.change < safety.typed && safety.journal_failed,
      };
    case 'journal_failed':
      return { ...safety, journal_failed: true };
    case 'matched':
      return matched(safety, event);
    case 'differs':
      return { ...safety, different: true, heads: event.heads };
    case 'refused':
      return { ...safety, refusal: event.refusal };
    case 'resolved':
      return { ...safety, different: false, refusal: null };
  }
}

function matched(safety: Safety, event: Extract<SafetyEvent, { kind: 'matched' }>): Safety {
  const stored = Math.max(safety.stored, event.change);
  // What was typed since waits from now on: its own five seconds begin with this answer.
  const waiting_since = stored >= safety.typed ? null : event.at;
  return {
    ...safety,
    stored,
    stored_as: event.stored_as,
    heads: event.heads,
    waiting_since,
    refusal: null,
    // What the server holds needs the journal no more.
    journal_failed: stored < safety.typed && safety.journal_failed,
  };
}

/** Heads on the server that this screen's text does not include. */
export function otherHeads(safety: Safety): string[] {
  return safety.heads.filter((id) => id !== safety.stored_as?.revision_id);
}

/**
 * What the mark beside the field says. The order of the cases is the order of what matters; `elsewhere` is known to who
 * knows of other pages.
 */
export type Mark =
  | { kind: 'only_here' }
  | { kind: 'different' }
  | { kind: 'over_long'; length: number; limit: number }
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'two_heads'; count: number }
  | { kind: 'elsewhere' }
  | { kind: 'writing' }
  | { kind: 'on_device'; late: boolean }
  | { kind: 'stored'; stored_as: StoredAs }
  | { kind: 'empty' };

/** The mark at the time `now`, in milliseconds of the clock that the events were stamped with. */
export function mark(safety: Safety, now: number): Mark {
  if (safety.journal_failed) return { kind: 'only_here' };
  if (safety.different) return { kind: 'different' };
  if (safety.over_long !== null) return { kind: 'over_long', ...safety.over_long };
  if (safety.refusal !== null) return { kind: 'refused', refusal: safety.refusal };
  const unstored = safety.typed > safety.stored;
  if (unstored && safety.journalled < safety.typed) return { kind: 'writing' };
  if (unstored) return { kind: 'on_device', late: isLate(safety, now) };
  const others = otherHeads(safety).length;
  if (others > 0) return { kind: 'two_heads', count: others + 1 };
  if (safety.stored_as !== null) return { kind: 'stored', stored_as: safety.stored_as };
  return { kind: 'empty' };
}

/** Whether the oldest unstored change has waited longer than the page keeps silent about. */
export function isLate(safety: Safety, now: number): boolean {
  return safety.waiting_since !== null && now - safety.waiting_since > late_ms;
}
