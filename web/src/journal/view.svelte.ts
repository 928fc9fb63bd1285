// The savers as state that screens follow: thin, nothing is decided here. One DeskJournal holds the
// page's journal for the signed-in person; one SubjectView follows one consultation or one file.
import { untrack } from 'svelte';
import { fieldOf, headName } from './batches';
import { isDigestOf } from './digest';
import { PageJournal } from './page';
import { Reporter, type Recovered, type SendReport } from './reports';
import type { Mark } from './safety';
import type { SubjectSaver } from './saver';
import type { StorageVerdict } from './storage-check';
import { isOf } from './store';
import type { KeySource } from './vault';
import type { Base, Entry, Head, Subject, Transport } from './types';
import type { Waiting } from './work';

const lookEveryMs = 1_000;

/** The journal of whoever is signed in on this page; null members until it is open. */
class DeskJournal {
  page = $state.raw<PageJournal | null>(null);
  /** Grows with every change of any field. */
  changes = $state(0);
  /** Grows every second while something is not stored, so that lateness shows. */
  seconds = $state(0);
  /** The page's journal once it is open; null while nobody's is. */
  opened: Promise<PageJournal | null> = Promise.resolve(null);
  /** What the server had confirmed and turned out to have lost. */
  recovered = $state.raw<Recovered[]>([]);
  #account: string | null = null;
  #reporter: Reporter | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;

  get verdict(): StorageVerdict | null {
    return this.page?.verdict ?? null;
  }
  get waiting(): Waiting {
    void this.changes;
    return this.page?.waiting() ?? null;
  }
  /** Fields not stored for longer than five seconds. */
  get late(): number {
    void this.changes;
    void this.seconds;
    let count = 0;
    for (const saver of this.page?.unstored() ?? []) {
      for (const field of saver.unstored()) {
        const mark = saver.mark(field);
        if (mark.kind === 'on_device' && mark.late) count += 1;
      }
    }
    return count;
  }
  get unstored(): number {
    void this.changes;
    return (this.page?.unstored() ?? []).reduce((sum, saver) => sum + saver.unstored().length, 0);
  }

  /** Opens the journal of an account, once; another account's journal is closed first. */
  async open(account: string, transport: Transport, keys?: KeySource, report?: SendReport): Promise<void> {
    if (this.#account === account) return;
    this.close();
    this.#account = account;
    const opening = PageJournal.open(account, transport, keys);
    this.opened = opening.then((page) => (this.#account === account ? page : null));
    const page = await opening;
    if (this.#account !== account) return page.close();
    page.listen(() => untrack(() => (this.changes += 1)));
    this.#timer = setInterval(() => this.unstored > 0 && (this.seconds += 1), lookEveryMs);
    this.page = page;
    if (report === undefined) return;
    this.#reporter = new Reporter(page, report, (recovered) => (this.recovered = [...this.recovered, ...recovered]));
    this.#reporter.start();
  }

  /** Before a sign-out: sends what it can, and has the key wrapped, so that the device may let go of it. */
  async beforeSignOut(): Promise<void> {
    this.page?.flush();
    await this.page?.release();
  }

  close(): void {
    clearInterval(this.#timer);
    this.opened = Promise.resolve(null);
    this.#reporter?.stop();
    this.#reporter = null;
    this.recovered = [];
    this.page?.close();
    this.page = null;
    this.#account = null;
  }
}

export const desk = new DeskJournal();

/** To be made while a component is set up: it lets go by itself. */
export class SubjectView {
  readonly saver: SubjectSaver;
  /** Whether it is known what other pages hold: until then nothing is typed, or it would stand beside. */
  ready = $state(false);
  readonly #entering = new Set<string>();
  #changes = $state(0);
  // Derived, so that who follows them does so when they change, and not with every key.
  readonly retracted = $derived.by(() => (void this.#changes, this.saver.retracted));
  /** Grows when another page has stored something: the server has to be asked again. */
  readonly rereads = $derived.by(() => (void this.#changes, this.saver.rereads));

  constructor(
    private readonly page: PageJournal,
    readonly subject: Subject,
  ) {
    this.saver = page.saver(subject);
    $effect(() =>
      page.listen((told) => {
        // An effect that loads a field must not follow the count that its loading raises.
        if (isOf(told, subject)) untrack(() => (this.#changes += 1));
      }),
    );
  }

  /** To be awaited before each reading of the server: what was stored from here meanwhile is in that answer. */
  async gather(): Promise<void> {
    // A device that cannot be asked keeps nobody from reading.
    await this.page.gather(this.subject).catch(() => undefined);
    this.ready = true;
  }

  /** Somebody goes into a field: what another page holds of it is fetched first. */
  async enter(field: string): Promise<void> {
    if (this.#entering.has(field)) return;
    this.#entering.add(field);
    await this.page.enter(this.subject, field).finally(() => this.#entering.delete(field));
  }

  text(field: string): string {
    void this.#changes;
    return this.saver.text(field);
  }
  mark(field: string): Mark {
    void this.#changes;
    void desk.seconds;
    return this.saver.mark(field);
  }
  heads(field: string): string[] {
    void this.#changes;
    return this.saver.safety(field).heads;
  }
  /** Addenda to a field that this device has not brought to the server yet. */
  openAddenda(field: string): string[] {
    void this.#changes;
    const begun = new Set([...this.saver.unstored(), ...this.saver.fields.mirrored()]);
    return [...begun].filter((slot) => slot !== field && fieldOf(slot) === field);
  }
  /** Fields that are not stored in one version that both sides agree on. */
  unsettled(fields: readonly string[]): string[] {
    return fields.filter((field) => !['stored', 'empty'].includes(this.mark(field).kind));
  }

  type(field: string, text: string): string {
    return this.saver.type(field, text);
  }
  merge(field: string, text: string, others: Base[]): void {
    this.saver.merge(field, text, others);
  }

  /**
   * Shows what the server holds; a text that does not have its own digest is shown as different. An answer kept on this
   * device may be older than what was stored from here since.
   */
  async load(field: string, answered: Head[], remembered = false): Promise<void> {
    const heads = remembered ? await this.newest(field, answered) : answered;
    this.saver.load(field, heads);
    for (const head of heads) {
      if (!(await isDigestOf(head, head.text))) this.saver.distrust(field);
    }
  }

  private async newest(field: string, answered: Head[]): Promise<Head[]> {
    const own = await this.page.recall<Head>(headName(this.subject, field));
    if (own === null || answered.some((head) => Date.parse(head.recorded_at) >= Date.parse(own.recorded_at))) return answered;
    return [own];
  }

  /** What this device itself keeps of one field, oldest first. */
  async kept(field: string): Promise<Entry[]> {
    return (await this.page.history(this.subject)).filter((entry) => entry.field === field);
  }

  /** Sends all and waits until it is stored; false when that takes longer than `limitMs`. */
  async settle(fields: readonly string[], limitMs: number): Promise<boolean> {
    const until = performance.now() + limitMs;
    while (this.unsettled(fields).length > 0) {
      if (performance.now() > until) return false;
      void this.saver.flush();
      await new Promise((done) => setTimeout(done, 50));
    }
    return true;
  }
}
