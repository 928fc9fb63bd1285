// Saves the fields of one subject: what is typed goes to the journal first, then to the server at
// the rhythm of rhythm.ts, one request in flight, and stays in the journal until its receipt
// matched. It knows neither the screen nor IndexedDB nor HTTP: all three are given to it.

import { basesAfter, batchesOf, compare, freshDraft, headKept, rebased } from './batches';
import { requestOf, seal, type Batch, type Outcome } from './batches';
import { Fields } from './fields';
import { takeOut } from './handover';
import { Pace } from './pace';
import { WriteQueue } from './queue';
import type { Mark, Safety, SafetyEvent } from './safety';
import type { Kept } from './store';
import { wellFormed } from './text';
import type { Answer, Base, Entry, Head, Receipt, Refusal, Subject } from './types';
import { isShown, limitOf, now, sendable } from './work';
import type { SaverSurroundings, Waiting, Work } from './work';

export class SubjectSaver {
  /** A receipt said that the subject was retracted while this screen wrote in it. */
  retracted = false;
  /** What the screen shows. */
  readonly fields: Fields;
  private readonly backlog: Batch[] = [];
  /** Fields whose unsent text another page left, and that nobody has typed in here. */
  private readonly inherited = new Set<string>();
  /** Grows when another page has stored something: what the server holds has to be read again. */
  rereads = 0;
  /** Another page has stored something that was not read yet. */
  behind = false;
  private readonly queue: WriteQueue;
  private journalling: Promise<void> | null = null;
  private readonly dirty = new Set<string>();
  /** Fields to be sent by themselves, after a request of several was refused. */
  private readonly alone = new Set<string>();
  private in_flight = false;
  /** What is being sealed, compared with its receipt or taken over; one after the other. */
  private noting: Promise<void> | null = null;
  private readonly pace = new Pace();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private stopped = false;

  constructor(
    readonly subject: Subject,
    private readonly around: SaverSurroundings,
  ) {
    this.queue = new WriteQueue(around.journal);
    this.fields = new Fields(around.changed);
  }

  // --- what the screen reads -------------------------------------------------------------

  get waiting(): Waiting {
    return this.pace.waiting;
  }

  text(field: string): string {
    return this.work(field).text;
  }
  safety(field: string): Safety {
    return this.work(field).safety;
  }
  mark(field: string): Mark {
    return this.fields.mark(field);
  }
  /** The revision that each field's screen text is stored as; null where nothing is stored. */
  seen(field: string): string | null {
    return this.work(field).safety.stored_as?.revision_id ?? null;
  }
  unstored(): string[] {
    return this.fields.unstored();
  }

  // --- loading ---------------------------------------------------------------------------

  /**
   * Takes over unsent entries of this subject. What they hold becomes the text on the screen, but never over words that
   * this screen has not stored itself: beside those, each is sent as a revision of its own.
   */
  adopt(entries: Entry[]): Promise<void> {
    // As a whole: what follows upon an entry must be here when its receipt comes, or it is not written upon it.
    return this.note(() => this.takeIn(entries));
  }

  private async takeIn(entries: Entry[]): Promise<void> {
    const busy = new Set(this.unstored());
    for (const batch of batchesOf(entries)) {
      this.backlog.push(batch);
      for (const entry of batch.entries) if (!busy.has(entry.field)) this.showUnsent(entry, 'sending');
    }
    for (const entry of entries.filter((one) => one.state === 'draft')) {
      const fresh = { ...entry, refusal: null };
      const older = this.work(entry.field).draft;
      if (busy.has(entry.field)) await this.sendBeside(fresh);
      else this.showUnsent(fresh, 'draft');
      // Two pages wrote the same field and died: each text becomes a revision of its own.
      if (!busy.has(entry.field) && older !== null) await this.sendBeside(older.entry);
    }
    for (const entry of entries.filter((one) => one.state === 'different')) {
      const work = this.work(entry.field);
      work.kept.push(entry);
      if (work.draft === null && work.sending === null && !busy.has(entry.field)) {
        work.text = entry.text;
        work.bases = entry.receipt === null ? entry.bases : [entry.receipt];
      }
      this.tell(entry.field, { kind: 'differs', heads: work.safety.heads });
    }
    this.schedule();
  }

  private async sendBeside(entry: Entry): Promise<void> {
    const batch = seal([entry], crypto.randomUUID());
    await this.record(batch.entries);
    this.backlog.push(batch);
  }

  private showUnsent(entry: Entry, as: 'draft' | 'sending'): void {
    const work = this.work(entry.field);
    work.elsewhere = null;
    work.text = entry.text;
    this.tell(entry.field, { kind: 'typed', at: now(), over_long: limitOf(entry.text) });
    const change = work.safety.typed;
    this.tell(entry.field, { kind: 'journalled', change });
    if (as === 'draft') work.draft = { entry, change, typed_ms: now() };
    else work.sending = { entry, change };
    this.inherited.add(entry.field);
    // By itself: a field that somebody wants on another page goes there without its neighbours.
    if (as === 'draft') this.alone.add(entry.field);
  }

  inherits(field: string): boolean {
    return this.inherited.has(field);
  }

  // --- other pages of this device ----------------------------------------------------------

  /**
   * Another page has stored something since the server was read. It is read again at once where this screen shows what
   * that page held, or a text of before what a page that ended had `left`; otherwise when somebody goes into a field here.
   */
  fellBehind(left: boolean): void {
    this.behind = true;
    if (left || this.fields.mirrored().length > 0) this.reread();
  }
  reread(): void {
    this.behind = false;
    this.rereads += 1;
    this.around.changed(null);
  }

  /**
   * Hands a field over to the page on which somebody wants to write it, with all that one request carries together with
   * it. Answers the entries; from then on they are not this page's, which goes on to show them.
   */
  async giveUp(field: string): Promise<Entry[]> {
    // What is just being noted would be noted as this page's again. No timer: in a window behind, they run once a minute.
    while (this.noting !== null || this.journalling !== null || this.queue.busy) {
      await this.noting;
      await this.journalling;
      await this.queue.settled();
    }
    const given = takeOut(this.backlog, this.fields.works, field);
    for (const entry of given) {
      this.inherited.delete(entry.field);
      this.alone.delete(entry.field);
    }
    this.around.changed(null);
    return given;
  }

  // --- what the server holds ---------------------------------------------------------------

  /** Tells what the server holds for a field. */
  load(field: string, heads: Head[]): void {
    if (!this.fields.load(field, heads)) this.reread();
  }

  /** The server's text does not have the digest that the server states for it. */
  distrust(field: string): void {
    this.tell(field, { kind: 'differs', heads: this.work(field).safety.heads });
  }

  // --- typing ----------------------------------------------------------------------------

  /** A change on the screen. Returns the text as it will be kept: lone surrogates replaced. */
  type(field: string, raw: string): string {
    const text = wellFormed(raw);
    const work = this.work(field);
    if (text === work.text) return text;
    this.put(field, text, null);
    return text;
  }

  /** A text that includes this screen's and the heads named, and no other: the outcome of a merge. */
  merge(field: string, text: string, others: Base[]): void {
    const bases = new Map(this.work(field).bases.map((base) => [base.revision_id, base]));
    for (const { revision_id, digest } of others) bases.set(revision_id, { revision_id, digest });
    this.put(field, wellFormed(text), [...bases.values()]);
    this.settleKept(field);
    void this.flush();
  }

  private put(field: string, text: string, bases: Base[] | null): void {
    const work = this.work(field);
    this.inherited.delete(field);
    work.elsewhere = null;
    work.text = text;
    this.tell(field, { kind: 'typed', at: now(), over_long: limitOf(text) });
    const typed_at = new Date().toISOString();
    const change = work.safety.typed;
    const entry = work.draft?.entry ?? this.freshEntry(field, work);
    const draft = { ...entry, text, typed_at, refusal: null };
    if (bases !== null) draft.bases = bases;
    work.draft = { entry: draft, change, typed_ms: work.draft?.typed_ms ?? now() };
    this.pace.key();
    void this.keep(field);
    this.schedule();
  }

  private freshEntry(field: string, work: Work): Entry {
    return freshDraft({
      account: this.around.journal.account,
      subject: this.subject,
      field,
      writer: this.around.writer,
      order: this.around.nextOrder(),
      bases: work.bases,
      follows: work.sending?.entry.entry_id ?? null,
    });
  }

  /** Journals what is dirty; while one write runs, the newest text of each field waits for it. */
  private keep(field: string): Promise<void> {
    this.dirty.add(field);
    this.journalling ??= this.keepAll().finally(() => (this.journalling = null));
    return this.journalling;
  }

  private async keepAll(): Promise<void> {
    while (this.dirty.size > 0) {
      const fields = [...this.dirty];
      this.dirty.clear();
      const drafts = fields.flatMap((field) => {
        const draft = this.work(field).draft;
        return draft === null ? [] : [{ field, ...draft }];
      });
      try {
        await this.queue.write(drafts.map((draft) => draft.entry));
        for (const { field, change } of drafts) {
          this.tell(field, { kind: 'journalled', change });
        }
      } catch {
        for (const { field } of drafts) this.tell(field, { kind: 'journal_failed' });
      }
    }
  }

  // --- sending ---------------------------------------------------------------------------

  /** Sends at once what waits: on leaving a field, closing, hiding the page. */
  async flush(): Promise<void> {
    this.pace.hurry();
    await this.pump();
  }

  /** The network or the session is back: no need to wait out the pause. */
  wake(): void {
    this.pace.wake();
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private schedule(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    if (this.stopped) return;
    const due = this.due();
    if (due === null) return;
    this.timer = setTimeout(() => void this.pump(), Math.max(0, due - now()));
  }

  private due(): number | null {
    if (this.backlog.length > 0) return this.pace.dueSealed(this.in_flight);
    const waits = sendable(this.fields.works, this.alone).map(({ draft }) => draft.typed_ms);
    return this.pace.dueDrafts(waits.length === 0 ? null : Math.min(...waits), this.in_flight);
  }

  private async pump(): Promise<void> {
    const due = this.due();
    if (this.stopped || due === null) return;
    if (due > now()) return this.schedule();
    this.in_flight = true;
    try {
      if (this.backlog.length === 0) await this.note(() => this.sealDrafts());
      // Closed meanwhile: the next page sends what was left, and perhaps under another key.
      if (this.stopped) return;
      const batch = this.backlog[0];
      if (batch !== undefined) await this.send(batch);
    } catch {
      // An answer that cannot be read decides nothing: the same content goes again.
      this.pause({ kind: 'unreachable' });
    } finally {
      this.in_flight = false;
      this.schedule();
    }
  }

  /** Journal before network: the sealed entries are on the device before the first byte goes. */
  private async sealDrafts(): Promise<void> {
    await this.journalling;
    const ready = sendable(this.fields.works, this.alone);
    // What was taken over meanwhile goes first: a draft may follow upon it.
    if (ready.length === 0 || this.backlog.length > 0) return;
    const batch = seal(
      ready.map(({ draft }) => draft.entry),
      crypto.randomUUID(),
    );
    for (const { field, work, draft } of ready) {
      const entry = batch.entries.find((one) => one.field === field);
      if (entry !== undefined) work.sending = { entry, change: draft.change };
      work.draft = null;
      this.alone.delete(field);
    }
    this.backlog.push(batch);
    if (!(await this.record(batch.entries))) return;
    for (const { field, draft } of ready) {
      this.tell(field, { kind: 'journalled', change: draft.change });
    }
  }

  private async send(batch: Batch): Promise<void> {
    const body = requestOf(batch, this.subject, this.around.journal.device_id);
    const { practice_id } = this.subject;
    const answer = await this.around.transport(practice_id, batch.idempotency_key, body);
    await this.note(async () => {
      // Handed over meanwhile: the other page asks again under the same key, and is answered the same.
      if (!this.backlog.includes(batch)) return;
      if (answer.kind === 'receipt') await this.received(batch, answer.receipt);
      else if (answer.kind === 'refused') await this.refused(batch, answer.refusal);
      else this.pause(answer);
    });
  }

  private async note(work: () => Promise<void>): Promise<void> {
    while (this.noting !== null) await this.noting;
    const noted = work();
    this.noting = noted.catch(() => undefined).then(() => void (this.noting = null));
    await noted;
  }

  private pause(answer: Exclude<Answer, { kind: 'receipt' | 'refused' }>): void {
    this.pace.failed(answer);
    this.around.changed(null);
  }

  private answered(batch: Batch): void {
    this.pace.answered();
    const at = this.backlog.indexOf(batch);
    if (at >= 0) this.backlog.splice(at, 1);
  }

  private async received(batch: Batch, receipt: Receipt): Promise<void> {
    const outcomes = await compare(batch, this.subject, receipt);
    this.answered(batch);
    const drafts = outcomes.flatMap((outcome) => [...this.rebase(outcome), ...this.rebaseBeside(outcome)]);
    const heads = outcomes.flatMap((outcome) => headKept(this.subject, outcome, receipt));
    await this.record([...outcomes.map((outcome) => outcome.entry), ...drafts], heads);
    let left = false;
    for (const outcome of outcomes) {
      this.fields.answered(outcome, receipt);
      const { field } = outcome.entry;
      if (this.work(field).sending === null && this.inherited.delete(field)) left = true;
    }
    this.around.stored?.(left);
    this.retracted ||= receipt.retracted === true;
    this.around.changed(null);
  }

  /** The text typed meanwhile is written upon the revision that was just stored. */
  private rebase(outcome: Outcome): Entry[] {
    const work = this.work(outcome.entry.field);
    // A text that is not on this screen is no base of what is typed here.
    if (isShown(work, outcome.entry)) work.bases = basesAfter(outcome);
    const draft = work.draft;
    if (draft === null || draft.entry.follows !== outcome.entry.entry_id) return [];
    draft.entry = rebased(draft.entry, outcome);
    return [draft.entry];
  }

  /** So is what another page had typed meanwhile, and goes beside this screen's text: it has not been sent yet. */
  private rebaseBeside(outcome: Outcome): Entry[] {
    const changed: Entry[] = [];
    for (const batch of this.backlog) {
      batch.entries = batch.entries.map((entry) => {
        if (entry.follows !== outcome.entry.entry_id) return entry;
        changed.push(rebased(entry, outcome));
        return changed.at(-1)!;
      });
    }
    return changed;
  }

  /** Nothing refused is thrown away: it is a draft again, with the reason, until it is changed. */
  private async refused(batch: Batch, refusal: Refusal): Promise<void> {
    this.answered(batch);
    const several = batch.entries.length > 1;
    // A used key proves nothing against the text: it goes again under a new one.
    const reason = several || refusal.code === 'key_reused' ? null : refusal;
    const puts: Entry[] = [];
    for (const sent of batch.entries) {
      const work = this.work(sent.field);
      const back: Entry = { ...sent, state: 'draft', idempotency_key: null, refusal: reason };
      const mine = work.sending?.entry.entry_id === sent.entry_id;
      const change = mine ? (work.sending?.change ?? 0) : work.safety.typed;
      if (several) this.alone.add(sent.field);
      if (!mine && work.text !== sent.text) {
        // Left by another page, and not what this screen shows: loud until the writer has chosen.
        puts.push(this.keepApart({ ...back, state: 'different', refusal }));
        continue;
      }
      work.sending = null;
      if (work.draft === null) {
        work.draft = { entry: back, change, typed_ms: now() };
        puts.push(back);
        if (reason !== null) this.tell(sent.field, { kind: 'refused', refusal: reason });
      } else {
        work.draft.entry = { ...work.draft.entry, bases: sent.bases, follows: null };
        puts.push({ ...back, state: 'superseded', refusal }, work.draft.entry);
      }
    }
    if (refusal.code === 'key_reused') this.pause({ kind: 'unreachable' });
    await this.record(puts);
    this.around.changed(null);
  }

  private keepApart(entry: Entry): Entry {
    const work = this.work(entry.field);
    work.kept.push(entry);
    this.tell(entry.field, { kind: 'differs', heads: work.safety.heads });
    return entry;
  }

  // --- choices of the writer -------------------------------------------------------------

  /** Sends a refused or differing text once more, under a new key. */
  async sendAgain(field: string): Promise<void> {
    const work = this.work(field);
    this.tell(field, { kind: 'resolved' });
    if (work.draft === null) this.put(field, work.text, null);
    else work.draft.entry = { ...work.draft.entry, refusal: null };
    this.settleKept(field);
    await this.flush();
  }

  private settleKept(field: string): void {
    const work = this.work(field);
    if (work.kept.length === 0) return;
    void this.record(work.kept.map((entry) => ({ ...entry, state: 'superseded' as const })));
    work.kept = [];
    this.tell(field, { kind: 'resolved' });
  }

  /**
   * A text that the server had acknowledged and lost goes again as a revision of its own, never over what is there now;
   * `before` is what it stands for. False when the device could not note it.
   */
  async restore(lost: Entry, bases: Base[], before: Entry[]): Promise<boolean> {
    const fresh = { ...this.freshEntry(lost.field, { ...this.work(lost.field), bases, sending: null }) };
    const batch = seal([{ ...fresh, text: lost.text, typed_at: lost.typed_at }], crypto.randomUUID());
    const superseded = [lost, ...before].map((entry) => ({ ...entry, state: 'superseded' as const }));
    if (!(await this.record([...batch.entries, ...superseded]))) return false;
    this.backlog.push(batch);
    this.schedule();
    return true;
  }

  // --- small parts -----------------------------------------------------------------------

  private async record(entries: Entry[], kept: Kept[] = []): Promise<boolean> {
    try {
      await this.queue.write(entries, kept);
      return true;
    } catch {
      for (const { field, state } of entries) {
        if (state !== 'acknowledged') this.tell(field, { kind: 'journal_failed' });
      }
      return false;
    }
  }

  private work(field: string): Work {
    return this.fields.work(field);
  }
  private tell(field: string, event: SafetyEvent): void {
    this.fields.tell(field, event);
  }
}
