// What one subject's screen shows, field by field: the text, how safe it is, and whether another page of this device holds
// what was typed there. No I/O.

import { fieldOf, type Outcome } from './batches';
import { mark, next, type Mark, type SafetyEvent } from './safety';
import type { Held } from './store';
import type { Head, Receipt } from './types';
import { freshWork, holdsUnsent, isShown, newestOf, now, storedAs, type Work } from './work';

export class Fields {
  readonly works = new Map<string, Work>();
  /** Fields that are written here although another page, which did not hand them over, holds unsent text. */
  private readonly insisted = new Set<string>();
  /** Fields stored from here since the server was asked last: its answer may be of before. */
  private readonly newer = new Set<string>();

  constructor(private readonly changed: (field: string) => void) {}

  work(field: string): Work {
    let work = this.works.get(field);
    if (work === undefined) {
      work = freshWork();
      this.works.set(field, work);
    }
    return work;
  }

  tell(field: string, event: SafetyEvent): void {
    const work = this.work(field);
    work.safety = next(work.safety, event);
    this.changed(field);
  }

  mark(field: string): Mark {
    const work = this.work(field);
    return work.elsewhere === null ? mark(work.safety, now()) : { kind: 'elsewhere' };
  }

  /** Fields in which something typed is not stored yet. */
  unstored(): string[] {
    return [...this.works]
      .filter(([, work]) => work.safety.typed > work.safety.stored || work.kept.length > 0)
      .map(([field]) => field);
  }

  /** Whether closing the page now would lose words, for not even the journal has them. */
  onlyInMemory(): boolean {
    return [...this.works.values()].some(({ safety }) => safety.typed > Math.max(safety.journalled, safety.stored));
  }

  // --- what the server holds ---------------------------------------------------------------

  /** The server is about to be read. */
  reading(): void {
    this.newer.clear();
  }

  /**
   * What the server holds for a field. A field with something unsent keeps its own text; any other shows the newest head,
   * and further heads ask to be merged. False when the field was stored from here after the server was asked: nothing is
   * shown of an answer that may be older than that.
   */
  load(field: string, heads: Head[]): boolean {
    if (this.newer.has(field)) return false;
    const work = this.work(field);
    if (work.elsewhere === 'held') return true;
    if (work.elsewhere === 'settled' && heads.length === 0) work.text = '';
    work.elsewhere = null;
    const ids = heads.map((head) => head.revision_id);
    const own = heads.find((head) => head.revision_id === work.safety.stored_as?.revision_id);
    const shown = own ?? newestOf(heads);
    if (holdsUnsent(work) || shown === undefined) {
      this.tell(field, { kind: 'loaded', stored_as: work.safety.stored_as, heads: ids });
      return true;
    }
    work.text = shown.text;
    work.bases = [{ revision_id: shown.revision_id, digest: shown.digest }];
    const stored_as = own === undefined ? storedAs(shown) : work.safety.stored_as;
    this.tell(field, { kind: 'loaded', stored_as, heads: ids });
    return true;
  }

  /** What a receipt says about a text that was sent; see `compare`. */
  answered(outcome: Outcome, receipt: Receipt): void {
    const { entry, matched, stated } = outcome;
    const work = this.work(entry.field);
    const shown = isShown(work, entry);
    const change = work.sending?.entry.entry_id === entry.entry_id ? work.sending.change : work.safety.typed;
    if (shown) work.sending = null;
    this.newer.add(entry.field);
    const heads = stated?.heads ?? work.safety.heads;
    if (!matched || stated === null) {
      work.kept.push(entry);
      this.tell(entry.field, { kind: 'differs', heads });
      return;
    }
    if (!shown) {
      // An older page's text was stored beside: it is a head to be merged, not what this screen shows.
      this.tell(entry.field, { kind: 'loaded', stored_as: work.safety.stored_as, heads });
      return;
    }
    const { copies, machines, where, recorded_at } = receipt;
    const stored_as = { revision_id: stated.revision_id, copies, machines, where, recorded_at };
    this.tell(entry.field, { kind: 'matched', change, at: now(), stored_as, heads });
  }

  // --- what other pages hold ---------------------------------------------------------------

  /**
   * What other pages hold unsent. It is shown where it follows upon what is shown here; two texts that were written beside
   * each other stay beside each other.
   */
  mirror(held: Map<string, Held>): void {
    for (const field of this.insisted) if (!held.has(field)) this.insisted.delete(field);
    for (const [field, { text, bases }] of held) {
      const work = this.work(field);
      const shown = work.safety.stored_as?.revision_id;
      const follows = work.safety.typed === 0 || bases.some((base) => base.revision_id === shown);
      if (holdsUnsent(work) || !follows || this.insisted.has(field)) continue;
      work.text = text;
      work.elsewhere = 'held';
      this.changed(field);
    }
    for (const field of this.mirrored()) if (!held.has(field)) this.settle(field);
  }

  /** Fields that show what another page holds, or held until a moment ago. */
  mirrored(): string[] {
    return [...this.works].filter(([, work]) => work.elsewhere !== null).map(([field]) => field);
  }

  /** Nobody hands the field over: what the server holds is shown next. False when it was not held elsewhere. */
  insist(field: string): boolean {
    if (this.work(field).elsewhere === null) return false;
    this.insisted.add(field);
    this.settle(field);
    return true;
  }

  private settle(field: string): void {
    // An addendum that was stored is read with its consultation: there is no slot to go on in.
    if (fieldOf(field) !== field) this.works.delete(field);
    else this.work(field).elsewhere = 'settled';
    this.changed(field);
  }
}
