// What the saver holds in memory for one field, and the small rules about it. No I/O.

import { fieldOf } from './batches';
import { untouched, type Safety, type StoredAs } from './safety';
import { code_points_max, overLong } from './text';
import type { Journal } from './store';
import type { Base, Entry, Head, Transport } from './types';

/** What a saver stands in. */
export interface SaverSurroundings {
  journal: Journal;
  transport: Transport;
  /** This page; see Entry.writer. */
  writer: string;
  /** Gives each new entry its place in the order of sending. */
  nextOrder: () => number;
  /** Told after every change of state, with the field concerned; null when it is the whole. */
  changed: (field: string | null) => void;
  /** Told when something was stored; `left` when a page that ended had left it. */
  stored?: (left: boolean) => void;
}

/** Why nothing goes out at the moment, for the line at the top of the page. */
export type Waiting =
  | null
  | { kind: 'unreachable' }
  | { kind: 'sign_in' }
  | { kind: 'server'; code: string; detail: string };

/** The text not yet given to the network, with the change that it holds. */
export interface Draft {
  entry: Entry;
  change: number;
  typed_ms: number;
}

export interface Work {
  text: string;
  safety: Safety;
  /** What the next text is written upon. */
  bases: Base[];
  draft: Draft | null;
  /** The text under a key, with the change that it holds. */
  sending: { entry: Entry; change: number } | null;
  /** Texts whose receipts named something else, until the writer has chosen. */
  kept: Entry[];
  /**
   * Another page of this device holds what was typed here last (`held`: the text is shown, and written there), or did
   * until a moment ago (`settled`: it is shown until the server was read). Null for a field that is written here.
   */
  elsewhere: 'held' | 'settled' | null;
}

/** Whether this screen holds a text that is not stored, or one about which its writer has still to choose. */
export function holdsUnsent(work: Work): boolean {
  return work.draft !== null || work.sending !== null || work.kept.length > 0;
}

/** Whether the screen shows just this text, and nothing newer of its own. */
export function isShown(work: Work, entry: Entry): boolean {
  if (work.sending !== null) return work.sending.entry.entry_id === entry.entry_id;
  return work.draft === null && work.text === entry.text;
}

export function freshWork(): Work {
  return { text: '', safety: untouched(), bases: [], draft: null, sending: null, kept: [], elsewhere: null };
}

/** Milliseconds that only go forward, whatever happens to the wall clock. */
export function now(): number {
  return performance.now();
}

export function limitOf(text: string): Safety['over_long'] {
  const length = overLong(text);
  return length === null ? null : { length, limit: code_points_max };
}

export function newestOf(heads: Head[]): Head | undefined {
  return [...heads].sort((a, b) => a.recorded_at.localeCompare(b.recorded_at)).at(-1);
}

/** A head read from the server: its copies are known only where the server names them. */
export function storedAs(head: Head): StoredAs {
  const { revision_id, recorded_at } = head;
  return { revision_id, copies: head.copies ?? 0, machines: 0, where: null, recorded_at };
}

/** Drafts that may go in the next request, which names each field once: of two slots of one field the second waits. */
export function sendable(works: Map<string, Work>, alone: Set<string>): { field: string; work: Work; draft: Draft }[] {
  const all = [...works].flatMap(([field, work]) => {
    const { draft, safety } = work;
    if (draft === null || safety.over_long !== null) return [];
    return draft.entry.refusal === null ? [{ field, work, draft }] : [];
  });
  const single = all.find(({ field }) => alone.has(field));
  if (single !== undefined) return [single];
  return all.filter((one, index) => all.findIndex((each) => fieldOf(each.field) === fieldOf(one.field)) === index);
}
