// The journal of one page for one account: opens it, takes over what pages that died left unsent,
// keeps one saver a subject, and wakes them when network or session come back. One per signed-in
// person; on a switch of person it is closed and another is opened.

import { MemoryJournal } from './memory';
import { SubjectSaver } from './saver';
import { checkStorage, type StorageVerdict } from './storage-check';
import { isOf, IndexedJournal, type Journal, type Kept } from './store';
import type { Entry, Subject, Transport } from './types';
import type { Lost } from './recovery';
import type { Acknowledged } from './schema';
import type { KeySource } from './vault';
import type { Waiting } from './work';

const lock_prefix = 'manent-page-';
/** More entries than a page can make in its life; keeps the order over reloads. */
const orders_per_epoch = 1_000_000;
const look_every_ms = 15_000;
/** How long opening waits for the server when only it can open what lies here. */
const release_ms_max = 3_000;

/**
 * What pages of one account tell each other: `wanted`, somebody wants to write a field; `given`, what was handed over for
 * it; `stored`, the server has something new, `left` when a page that ended had left it.
 */
type Said = { subject: Subject } & (
  | { kind: 'wanted'; field: string }
  | { kind: 'given'; field: string; to: string; ids: string[] }
  | { kind: 'stored'; left: boolean }
);
type Told = Said & { account: string; by: string };
interface Want {
  subject: Subject;
  field: string;
  by: string;
}
/** How long a field waits for the other pages to hand over what they hold; one in a background window may be asleep. */
const others_ms_max = 5_000;

export type PageListener = (subject: Subject, field: string | null) => void;

export class PageJournal {
  /** Entries that could not be decrypted: told to the person, never removed. */
  unreadable = 0;
  /** Entries whose key only the server can open, and has not yet. */
  locked = 0;
  private readonly savers = new Map<string, SubjectSaver>();
  private readonly listeners = new Set<PageListener>();
  private readonly writer = crypto.randomUUID();
  private orders = 0;
  private letGo: () => void = () => undefined;
  /** Pages whose end this one waits for; each promise resolves when what that page left is taken over. */
  private readonly watched = new Map<string, Promise<unknown>>();
  /** Other pages' answers that are still to come, by subject, field and page. */
  private readonly awaited = new Map<string, () => void>();
  /** Which page wants which field: what is inherited of it from now on goes there. */
  private readonly wants = new Map<string, Want>();
  /** Taking over, handing over and looking at what others hold come one after the other. */
  private moving: Promise<void> = Promise.resolve();
  private readonly closing = new AbortController();
  private readonly channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel('manent-journal');

  private constructor(
    readonly verdict: StorageVerdict,
    private readonly journal: Journal,
    private readonly transport: Transport,
    private readonly keys: KeySource,
  ) {}

  /** Opens the journal of an account and starts to send what earlier pages could not. */
  static async open(account: string, transport: Transport, keys: KeySource = async () => null): Promise<PageJournal> {
    const verdict = await checkStorage();
    const stored = verdict.kind === 'kept' || verdict.kind === 'private_window';
    const journal = stored ? await openOrMemory(account) : new MemoryJournal(account);
    const page = new PageJournal(verdict, journal, transport, keys);
    await page.start();
    return page;
  }

  private async start(): Promise<void> {
    await this.holdLock();
    const releasing = this.release();
    if (this.kept?.locked) await Promise.race([releasing, new Promise((done) => setTimeout(done, release_ms_max))]);
    await this.resume();
    this.channel?.addEventListener('message', (event) => void this.hear(event.data as Told));
    const { signal } = this.closing;
    void this.watch();
    const looking = setInterval(() => {
      void this.watch();
      void this.release();
    }, look_every_ms);
    signal.addEventListener('abort', () => clearInterval(looking));
    addEventListener('online', () => this.wake(), { signal });
    addEventListener('pagehide', () => this.flush(), { signal });
    document.addEventListener(
      'visibilitychange',
      () => (document.visibilityState === 'hidden' ? this.flush() : this.wake()),
      { signal },
    );
    addEventListener('beforeunload', (event) => this.onlyInMemory() && event.preventDefault(), {
      signal,
    });
    await this.kept?.prune(Date.now());
  }

  private get kept(): IndexedJournal | null {
    return this.journal instanceof IndexedJournal ? this.journal : null;
  }

  /** Asks the server for what it releases to this session, until it was given once. */
  async release(): Promise<void> {
    const { kept } = this;
    if (kept === null || kept.released || this.closing.signal.aborted) return;
    const released = await this.keys(this.journal.account, this.journal.device_id);
    if (released === null || kept.released || this.closing.signal.aborted) return;
    await kept.release(released);
    if (this.locked > 0) await this.resume();
  }

  /** The lock ends with the page, however it ends: that tells other pages to take over. */
  private async holdLock(): Promise<void> {
    if (navigator.locks === undefined) return;
    await new Promise<void>((held) => {
      void navigator.locks.request(lock_prefix + this.writer, () => {
        held();
        return new Promise<void>((release) => (this.letGo = release));
      });
    });
  }

  /**
   * Waits in line for the locks of the other pages: one comes free when its page ends, however it ends, and what that
   * page left is taken over at once. A page that was closed a moment ago may still hold its lock while this one opens.
   */
  private async watch(): Promise<void> {
    for (const name of await alivePages()) {
      if (name === this.writer || this.watched.has(name) || this.closing.signal.aborted) continue;
      const { signal } = this.closing;
      const ended = navigator.locks
        .request(lock_prefix + name, { signal }, async () => {
          // Held by this page now, and nobody's any more. A page that opened meanwhile waits in this line too.
          if (signal.aborted) return;
          await this.resume(name);
          await this.handOn();
        })
        .catch(() => undefined)
        .finally(() => this.watched.delete(name));
      this.watched.set(name, ended);
    }
  }

  /** Takes over what pages that are gone left; `ended` is gone although its lock is held, by this page. */
  private resume(ended?: string): Promise<void> {
    return this.inLine(() => this.takeOver(ended));
  }

  private inLine(work: () => Promise<void>): Promise<void> {
    const done = this.moving.then(work);
    this.moving = done.catch(() => undefined);
    return done;
  }

  private async takeOver(ended?: string): Promise<void> {
    // In this order: a page has its lock before it writes, so one that has written and has none is gone. Asked the other
    // way round, a page that opened in between would be taken for gone.
    const gone = await this.journal.writers();
    for (const name of await alivePages()) if (name !== ended) gone.delete(name);
    const { entries, unreadable, locked } = await this.journal.adopt(this.writer, gone);
    this.unreadable += unreadable;
    this.locked = locked;
    const groups = new Map<string, Entry[]>();
    for (const entry of entries) {
      const id = idOf(entry.subject);
      groups.set(id, [...(groups.get(id) ?? []), entry]);
    }
    for (const group of groups.values()) {
      const subject = group[0]?.subject;
      if (subject !== undefined) await this.saver(subject).adopt(group);
    }
  }

  /** A screen is about to read this subject from the server: takes over what ended pages left of it, and shows what others hold. */
  async gather(subject: Subject): Promise<void> {
    await this.watch();
    await this.resume();
    await this.look(subject);
    this.saver(subject).fields.reading();
  }

  private look(subject: Subject): Promise<void> {
    return this.inLine(async () => this.saver(subject).fields.mirror(await this.journal.elsewhere(subject)));
  }

  /** Somebody goes into a field here: what was written in it on another page is fetched first, or read again. */
  async enter(subject: Subject, field: string): Promise<void> {
    await this.look(subject);
    const saver = this.saver(subject);
    if (saver.mark(field).kind === 'elsewhere') await this.claim(subject, field);
    else if (saver.behind) saver.reread();
  }

  /**
   * Somebody wants to write a field here that another page holds. Resolves when every other page has handed over what it
   * had or has ended, or after a few seconds; then the field is written here.
   */
  async claim(subject: Subject, field: string): Promise<void> {
    this.wants.delete(wantOf(subject, field));
    await this.watch();
    const others = [...this.watched].map(([name, ended]) => {
      const answered = new Promise<void>((done) => this.awaited.set(`${wantOf(subject, field)} ${name}`, done));
      return Promise.race([ended, answered]);
    });
    this.tell({ kind: 'wanted', subject, field });
    await Promise.race([Promise.all(others), new Promise((done) => setTimeout(done, others_ms_max))]);
    for (const key of [...this.awaited.keys()]) if (key.startsWith(`${wantOf(subject, field)} `)) this.awaited.delete(key);
    await this.resume();
    const saver = this.saver(subject);
    if (saver.fields.insist(field)) saver.reread();
  }

  private tell(what: Said): void {
    if (this.closing.signal.aborted) return;
    this.channel?.postMessage({ ...what, account: this.journal.account, by: this.writer });
  }

  private async hear(told: Told): Promise<void> {
    if (told.account !== this.journal.account || told.by === this.writer) return;
    const { subject, by } = told;
    if (told.kind === 'wanted') {
      const want = { subject, field: told.field, by };
      this.wants.set(wantOf(subject, told.field), want);
      await this.give(want);
    } else if (told.kind === 'stored') {
      this.savers.get(idOf(subject))?.fellBehind(told.left);
    } else if (told.to === this.writer) {
      await this.inLine(async () => {
        const entries = await this.journal.take(this.writer, told.ids);
        if (entries.length > 0) await this.saver(subject).adopt(entries.filter((entry) => isOf(entry.subject, subject)));
      });
      this.awaited.get(`${wantOf(subject, told.field)} ${by}`)?.();
    }
  }

  private give({ subject, field, by }: Want): Promise<void> {
    return this.inLine(async () => {
      const given = (await this.savers.get(idOf(subject))?.giveUp(field)) ?? [];
      const ids = (await this.handOver(given, by)).map((entry) => entry.entry_id);
      this.tell({ kind: 'given', subject, field, to: by, ids });
    });
  }

  /** Answers what went. Where the device does not note it, all stays here. */
  private async handOver(given: Entry[], to: string): Promise<Entry[]> {
    // Closed meanwhile: the next page finds it where it lies.
    if (given.length === 0 || this.closing.signal.aborted) return [];
    try {
      await this.journal.hand(given.map((entry) => entry.entry_id), to);
      return given;
    } catch {
      await this.saver(given[0]!.subject).adopt(given);
      return [];
    }
  }

  /** What was just taken over goes on to the page that asked for it before. */
  private async handOn(): Promise<void> {
    const alive = await alivePages();
    for (const [key, want] of this.wants) {
      if (!alive.has(want.by)) this.wants.delete(key);
      else if (this.savers.get(idOf(want.subject))?.inherits(want.field)) await this.give(want);
    }
  }

  /** The one saver of a subject on this page. */
  saver(subject: Subject): SubjectSaver {
    const id = idOf(subject);
    let saver = this.savers.get(id);
    if (saver === undefined) {
      saver = new SubjectSaver(subject, {
        journal: this.journal,
        transport: this.transport,
        writer: this.writer,
        nextOrder: () => this.journal.epoch * orders_per_epoch + (this.orders += 1),
        changed: (field) => this.listeners.forEach((listener) => listener(subject, field)),
        stored: (left) => this.tell({ kind: 'stored', subject, left }),
      });
      this.savers.set(id, saver);
    }
    return saver;
  }

  /** What this device keeps of a subject beyond what is unsent, oldest first. */
  history(subject: Subject): Promise<Entry[]> {
    return this.journal.history(subject);
  }

  /** What the server has acknowledged to this account on this device, oldest first. */
  async acknowledged(): Promise<Acknowledged[]> {
    return (await this.kept?.acknowledged()) ?? [];
  }

  /** Sends a text that the server lost as a new revision; false when this device does not have it any more. */
  async sendAgain({ receipt, bases, revisions }: Lost): Promise<boolean> {
    const { kept } = this;
    const entry = (await kept?.entry(receipt.entry_id)) ?? null;
    if (kept === null || entry === null) return false;
    const stood_for = new Set(revisions);
    const before = (await kept.history(receipt.subject)).filter((one) => stood_for.has(one.receipt?.revision_id ?? ''));
    return this.saver(receipt.subject).restore(entry, bases, before);
  }

  takeFresh(): Acknowledged[] {
    return this.kept?.takeFresh() ?? [];
  }

  /** Keeps something read from the server, sealed, for a page without a network. Never rejects. */
  async keep(kept: Kept): Promise<void> {
    await this.kept?.keep(kept).catch(() => undefined);
  }
  async recall<T>(name: string): Promise<T | null> {
    return ((await this.kept?.recall(name).catch(() => null)) as T | null | undefined) ?? null;
  }

  get account(): string {
    return this.journal.account;
  }
  get device_id(): string {
    return this.journal.device_id;
  }

  listen(listener: PageListener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Subjects in which something is not stored yet, with their savers. */
  unstored(): SubjectSaver[] {
    return [...this.savers.values()].filter((saver) => saver.unstored().length > 0);
  }

  waiting(): Waiting {
    for (const saver of this.savers.values()) if (saver.waiting !== null) return saver.waiting;
    return null;
  }

  onlyInMemory(): boolean {
    return [...this.savers.values()].some((saver) => saver.fields.onlyInMemory());
  }

  wake(): void {
    this.savers.forEach((saver) => saver.wake());
  }

  flush(): void {
    this.savers.forEach((saver) => void saver.flush());
  }

  /** Stops sending; what is unsent stays on the device for the account's next page. */
  close(): void {
    this.closing.abort();
    this.savers.forEach((saver) => saver.stop());
    this.listeners.clear();
    this.channel?.close();
    this.kept?.close();
    this.letGo();
  }
}

async function openOrMemory(account: string): Promise<Journal> {
  try {
    return await IndexedJournal.open(account);
  } catch {
    return new MemoryJournal(account);
  }
}

async function alivePages(): Promise<Set<string>> {
  if (navigator.locks === undefined) return new Set();
  const { held } = await navigator.locks.query();
  const names = (held ?? []).map((lock) => lock.name ?? '');
  return new Set(
    names.filter((name) => name.startsWith(lock_prefix)).map((name) => name.slice(lock_prefix.length)),
  );
}

function idOf({ practice_id, kind, id }: Subject): string {
  return `${practice_id}/${kind}/${id}`;
}

function wantOf(subject: Subject, field: string): string {
  return `${idOf(subject)}/${field}`;
}
