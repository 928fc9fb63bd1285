// Saves the fields of one subject: what is typed goes to the journal first, then to the server at
// the rhythm of rhythm.ts, one request in flight, and stays in the journal until its receipt
// matched. It knows neither the screen nor IndexedDB nor HTTP: all three are given to it.

import {
  basesAfter,
  batchesOf,
  compare,
  fieldOf,
  freshDraft,
  rebased,
  requestOf,
  seal,
  type Batch,
  type Outcome,
} from './batches';
import { dueAt, pauseAfter } from './rhythm';
import { mark, next, type Mark, type Safety, type SafetyEvent } from './safety';
import type { Journal } from './store';
import { wellFormed } from './text';
import type { Answer, Base, Entry, Head, Receipt, Refusal, Subject, Transport } from './types';
import { freshWork, limitOf, newestOf, now, storedAs, type Draft, type Waiting, type Work } from './work';

export interface SaverSurroundings {
  journal: Journal;
  transport: Transport;
  /** This page; see Entry.writer. */
  writer: string;
  /** Gives each new entry its place in the order of sending. */
  nextOrder: () => number;
  /** Told after every change of state, with the field concerned; null when it is the whole. */
  changed: (field: string | null) => void;
}

export class SubjectSaver {
  waiting: Waiting = null;
  /** A receipt said that the subject was retracted while this screen wrote in it. */
  retracted = false;
  private readonly works = new Map<string, Work>();
  private readonly backlog: Batch[] = [];
  /** Journal writes in the order they were asked for; one overtaking another could undo it. */
  private writes: Promise<void> = Promise.resolve();
  private journalling: Promise<void> | null = null;
  private readonly dirty = new Set<string>();
  /** Fields to be sent by themselves, after a request of several was refused. */
  private readonly alone = new Set<string>();
  private in_flight = false;
  private failures = 0;
  private not_before: number | null = null;
  private last_key_at = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private stopped = false;

  constructor(
    readonly subject: Subject,
    private readonly around: SaverSurroundings,
  ) {}

  // --- what the screen reads -------------------------------------------------------------

  text(field: string): string {
    return this.work(field).text;
  }

  safety(field: string): Safety {
    return this.work(field).safety;
  }

  mark(field: string): Mark {
    return mark(this.work(field).safety, now());
  }

  /** The revision that each field's screen text is stored as; null where nothing is stored. */
  seen(field: string): string | null {
    return this.work(field).safety.stored_as?.revision_id ?? null;
  }

  /** Fields in which something typed is not stored yet. */
  unstored(): string[] {
    return [...this.works]
      .filter(([, work]) => work.safety.typed > work.safety.stored || work.kept.length > 0)
      .map(([field]) => field);
  }

  /** Whether closing the page now would lose words, for not even the journal has them. */
  onlyInMemory(): boolean {
    return [...this.works.values()].some(
      ({ safety }) => safety.typed > Math.max(safety.journalled, safety.stored),
    );
  }

  // --- loading ---------------------------------------------------------------------------

  /** Takes over unsent entries of this subject; what they hold is the text on the screen. */
  async adopt(entries: Entry[]): Promise<void> {
    for (const batch of batchesOf(entries)) {
      this.backlog.push(batch);
      for (const entry of batch.entries) this.showUnsent(entry, 'sending');
    }
    for (const entry of entries.filter((one) => one.state === 'draft')) {
      const older = this.work(entry.field).draft;
      this.showUnsent({ ...entry, refusal: null }, 'draft');
      if (older === null) continue;
      // Two pages wrote the same field and died: each text becomes a revision of its own.
      const batch = seal([older.entry], crypto.randomUUID());
      await this.record(batch.entries);
      this.backlog.push(batch);
    }
    for (const entry of entries.filter((one) => one.state === 'different')) {
      const work = this.work(entry.field);
      work.kept.push(entry);
      if (work.draft === null && work.sending === null) {
        work.text = entry.text;
        work.bases = entry.receipt === null ? entry.bases : [entry.receipt];
      }
      this.tell(entry.field, { kind: 'differs', heads: work.safety.heads });
    }
    this.schedule();
  }

  private showUnsent(entry: Entry, as: 'draft' | 'sending'): void {
    const work = this.work(entry.field);
    work.text = entry.text;
    this.tell(entry.field, { kind: 'typed', at: now(), over_long: limitOf(entry.text) });
    const change = work.safety.typed;
    this.tell(entry.field, { kind: 'journalled', change });
    if (as === 'draft') work.draft = { entry, change, typed_ms: now() };
    else work.sending = { entry, change };
  }

  /**
   * Tells what the server holds for a field. A field with something unsent keeps its own text;
   * any other shows the newest head, and further heads ask to be merged.
   */
  load(field: string, heads: Head[]): void {
    const work = this.work(field);
    const ids = heads.map((head) => head.revision_id);
    const unsent = work.draft !== null || work.sending !== null || work.kept.length > 0;
    const own = heads.find((head) => head.revision_id === work.safety.stored_as?.revision_id);
    const shown = own ?? newestOf(heads);
    if (unsent || shown === undefined) {
      this.tell(field, { kind: 'loaded', stored_as: work.safety.stored_as, heads: ids });
      return;
    }
    work.text = shown.text;
    work.bases = [{ revision_id: shown.revision_id, digest: shown.digest }];
    const stored_as = own === undefined ? storedAs(shown) : work.safety.stored_as;
    this.tell(field, { kind: 'loaded', stored_as, heads: ids });
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
    work.text = text;
    this.tell(field, { kind: 'typed', at: now(), over_long: limitOf(text) });
    const typed_at = new Date().toISOString();
    const change = work.safety.typed;
    const entry = work.draft?.entry ?? this.freshEntry(field, work);
    const draft = { ...entry, text, typed_at, refusal: null };
    if (bases !== null) draft.bases = bases;
    work.draft = { entry: draft, change, typed_ms: work.draft?.typed_ms ?? now() };
    this.last_key_at = now();
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
        await this.write(drafts.map((draft) => draft.entry));
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
    this.last_key_at = Number.NEGATIVE_INFINITY;
    await this.pump();
  }

  /** The network or the session is back: no need to wait out the pause. */
  wake(): void {
    this.not_before = null;
    this.schedule();
  }

  stop(): void {
    this.stopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private sendable(): { field: string; work: Work; draft: Draft }[] {
    const all = [...this.works].flatMap(([field, work]) => {
      const { draft, safety } = work;
      if (draft === null || safety.over_long !== null) return [];
      return draft.entry.refusal === null ? [{ field, work, draft }] : [];
    });
    const single = all.find(({ field }) => this.alone.has(field));
    if (single !== undefined) return [single];
    // A request names each field once: of two slots of one field the second waits for the next one.
    return all.filter((one, index) => all.findIndex((each) => fieldOf(each.field) === fieldOf(one.field)) === index);
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
    if (this.backlog.length > 0) return this.in_flight ? null : (this.not_before ?? now());
    const waits = this.sendable().map(({ draft }) => draft.typed_ms);
    return dueAt({
      first_key_at: waits.length === 0 ? null : Math.min(...waits),
      last_key_at: waits.length === 0 ? null : this.last_key_at,
      in_flight: this.in_flight,
      not_before: this.not_before,
    });
  }

  private async pump(): Promise<void> {
    const due = this.due();
    if (this.stopped || due === null) return;
    if (due > now()) return this.schedule();
    this.in_flight = true;
    try {
      if (this.backlog.length === 0) await this.sealDrafts();
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
    const ready = this.sendable();
    if (ready.length === 0) return;
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
    if (answer.kind === 'receipt') await this.received(batch, answer.receipt);
    else if (answer.kind === 'refused') await this.refused(batch, answer.refusal);
    else this.pause(answer);
  }

  private pause(answer: Exclude<Answer, { kind: 'receipt' | 'refused' }>): void {
    this.failures += 1;
    const pause = pauseAfter(this.failures, Math.random());
    const asked = answer.kind === 'wait' ? (answer.after_ms ?? 0) : 0;
    this.not_before = now() + Math.max(pause, asked);
    this.waiting =
      answer.kind === 'wait'
        ? { kind: 'server', code: answer.code, detail: answer.detail }
        : { kind: answer.kind };
    this.around.changed(null);
  }

  private answered(batch: Batch): void {
    this.failures = 0;
    this.not_before = null;
    this.waiting = null;
    this.backlog.splice(this.backlog.indexOf(batch), 1);
  }

  private async received(batch: Batch, receipt: Receipt): Promise<void> {
    const outcomes = await compare(batch, this.subject, receipt);
    this.answered(batch);
    const drafts = outcomes.flatMap((outcome) => this.rebase(outcome));
    await this.record([...outcomes.map((outcome) => outcome.entry), ...drafts]);
    for (const outcome of outcomes) this.show(outcome, receipt);
    this.retracted ||= receipt.retracted === true;
    this.around.changed(null);
  }

  /** The text typed meanwhile is written upon the revision that was just stored. */
  private rebase(outcome: Outcome): Entry[] {
    const work = this.work(outcome.entry.field);
    work.bases = basesAfter(outcome);
    const draft = work.draft;
    if (draft === null || draft.entry.follows !== outcome.entry.entry_id) return [];
    draft.entry = rebased(draft.entry, outcome);
    return [draft.entry];
  }

  private show(outcome: Outcome, receipt: Receipt): void {
    const { entry, matched, stated } = outcome;
    const work = this.work(entry.field);
    const mine = work.sending?.entry.entry_id === entry.entry_id ? work.sending : null;
    if (mine !== null) work.sending = null;
    const heads = stated?.heads ?? work.safety.heads;
    if (!matched || stated === null) {
      work.kept.push(entry);
      this.tell(entry.field, { kind: 'differs', heads });
      return;
    }
    const { copies, machines, where, recorded_at } = receipt;
    const stored_as = { revision_id: stated.revision_id, copies, machines, where, recorded_at };
    // An older page's text was stored beside: it is a head, not this screen's change.
    const change = mine?.change ?? 0;
    this.tell(entry.field, { kind: 'matched', change, at: now(), stored_as, heads });
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
      const change = work.sending?.change ?? work.safety.typed;
      work.sending = null;
      if (several) this.alone.add(sent.field);
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

  // --- small parts -----------------------------------------------------------------------

  private write(entries: Entry[]): Promise<void> {
    const written = this.writes.then(() => this.around.journal.write(entries));
    this.writes = written.catch(() => undefined);
    return written;
  }

  private async record(entries: Entry[]): Promise<boolean> {
    try {
      await this.write(entries);
      return true;
    } catch {
      for (const { field, state } of entries) {
        if (state !== 'acknowledged') this.tell(field, { kind: 'journal_failed' });
      }
      return false;
    }
  }

  private work(field: string): Work {
    let work = this.works.get(field);
    if (work === undefined) {
      work = freshWork();
      this.works.set(field, work);
    }
    return work;
  }

  private tell(field: string, event: SafetyEvent): void {
    const work = this.work(field);
    work.safety = next(work.safety, event);
    this.around.changed(field);
  }
}
