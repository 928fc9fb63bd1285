// The journal of one page for one account: opens it, takes over what pages that died left unsent,
// keeps one saver a subject, and wakes them when network or session come back. One per signed-in
// person; on a switch of person it is closed and another is opened.

import { MemoryJournal } from './memory';
import { SubjectSaver } from './saver';
import { checkStorage, type StorageVerdict } from './storage-check';
import { IndexedJournal, type Journal } from './store';
import type { Entry, Subject, Transport } from './types';
import type { Waiting } from './work';

const lock_prefix = 'manent-page-';
/** More entries than a page can make in its life; keeps the order over reloads. */
const orders_per_epoch = 1_000_000;

export type PageListener = (subject: Subject, field: string | null) => void;

export class PageJournal {
  /** Entries that could not be decrypted: told to the person, never removed. */
  unreadable = 0;
  private readonly savers = new Map<string, SubjectSaver>();
  private readonly listeners = new Set<PageListener>();
  private readonly writer = crypto.randomUUID();
  private orders = 0;
  private letGo: () => void = () => undefined;
  private readonly closing = new AbortController();

  private constructor(
    readonly verdict: StorageVerdict,
    private readonly journal: Journal,
    private readonly transport: Transport,
  ) {}

  /** Opens the journal of an account and starts to send what earlier pages could not. */
  static async open(account: string, transport: Transport): Promise<PageJournal> {
    const verdict = await checkStorage();
    const stored = verdict.kind === 'kept' || verdict.kind === 'private_window';
    const journal = stored ? await openOrMemory(account) : new MemoryJournal(account);
    const page = new PageJournal(verdict, journal, transport);
    await page.start();
    return page;
  }

  private async start(): Promise<void> {
    await this.holdLock();
    await this.resume();
    const { signal } = this.closing;
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
    if (this.journal instanceof IndexedJournal) await this.journal.prune(Date.now());
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

  private async resume(): Promise<void> {
    const { entries, unreadable } = await this.journal.adopt(this.writer, await alivePages());
    this.unreadable = unreadable;
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
      });
      this.savers.set(id, saver);
    }
    return saver;
  }

  /** What this device keeps of a subject beyond what is unsent, oldest first. */
  history(subject: Subject): Promise<Entry[]> {
    return this.journal.history(subject);
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
    return [...this.savers.values()].some((saver) => saver.onlyInMemory());
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
    if (this.journal instanceof IndexedJournal) this.journal.close();
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
