// One person's typing in two tabs of one device, which are closed and opened at random over a server that comes and goes:
// whenever a tab opens it shows what was typed, and in the end every field has one version with all of it.
//   DESK_SEEDS=200 DESK_SEED=1000 npx vitest run src/journal/desk.property.test.ts
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { headName } from './batches';
import { PageJournal } from './page';
import { standInBrowser, TestJournal, TestServer } from './saver.world';
import type { Head, Subject } from './types';

const subject: Subject = { practice_id: 'p1', kind: 'consultation', id: 'c1' };
const fields = ['motif', 'interrogatoire', 'examen', 'conclusion'];
const seeds = Number(process.env['DESK_SEEDS'] ?? 6);
const first_seed = Number(process.env['DESK_SEED'] ?? 1);

beforeEach(() => {
  indexedDB = new IDBFactory();
  standInBrowser();
});
afterEach(() => vi.unstubAllGlobals());

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));
/** Numbers of a seed, in [0, 1). */
function diceOf(seed: number): () => number {
  let state = Math.imul(seed, 7919) >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

/** What a screen and a person at it do: read before writing, write upon what is shown. */
class Tab {
  page: PageJournal | null = null;
  readonly typed = new Map<string, string>();
  private rereads = 0;

  constructor(
    private readonly server: TestServer,
    readonly own: string[],
    private readonly dice: () => number,
  ) {}

  get saver() {
    return this.page!.saver(subject);
  }

  async open(): Promise<void> {
    this.page = await PageJournal.open('anne', this.server.transport);
    await this.read();
    for (const field of this.own) expect([field, this.saver.text(field)]).toEqual([field, this.typed.get(field) ?? '']);
  }

  async close(): Promise<void> {
    // What the mark does not call kept may be lost with the tab.
    await vi.waitFor(() => expect(this.own.map((field) => this.saver.mark(field).kind)).not.toContain('writing'), 5_000);
    this.page!.close();
    this.page = null;
  }

  private async read(): Promise<void> {
    const page = this.page!;
    this.rereads = this.saver.rereads;
    await page.gather(subject);
    // Without an answer, what this device keeps of the newest stored text stands in, as on the screens.
    const away = this.server.lose !== 'nothing';
    const heads = await Promise.all(fields.map(async (field) => {
      const own = away ? await page.recall<Head>(headName(subject, field)) : null;
      return away ? (own === null ? [] : [own]) : this.server.heads(field);
    }));
    await pause(this.dice() * 20);
    fields.forEach((field, i) => this.saver.load(field, heads[i]!));
  }

  async type(field: string): Promise<void> {
    for (;;) {
      if (this.rereads !== this.saver.rereads) await this.read();
      await this.page!.enter(subject, field);
      if (this.rereads === this.saver.rereads && this.saver.mark(field).kind !== 'elsewhere') break;
      await pause(5);
    }
    expect([field, this.saver.text(field)]).toEqual([field, this.typed.get(field) ?? '']);
    const text = this.saver.text(field) + String.fromCharCode(97 + Math.floor(this.dice() * 26));
    this.saver.type(field, text);
    this.typed.set(field, text);
  }
}

async function live(tab: Tab, dice: () => number): Promise<void> {
  for (let step = 0; step < 25; step += 1) {
    if (dice() < 0.15) {
      await tab.close();
      await pause(dice() * 20);
      await tab.open();
    } else await tab.type(tab.own[Math.floor(dice() * tab.own.length)]!);
    await pause(dice() * 60);
  }
}

async function weather(server: TestServer, dice: () => number, over: () => boolean): Promise<void> {
  while (!over()) {
    await pause(dice() * 400);
    const drawn = dice();
    server.lose = drawn < 0.5 ? 'nothing' : drawn < 0.75 ? 'requests' : 'answers';
    server.answer_ms = 5 + dice() * 60;
  }
  server.lose = 'nothing';
}

test.each(Array.from({ length: seeds }, (_, i) => first_seed + i))('seed %i', async (seed) => {
  const dice = diceOf(seed);
  const journal = new TestJournal();
  journal.broken = true; // The server's own check of the journal belongs to the saver's tests.
  const server = new TestServer(journal);
  const tabs = [new Tab(server, ['motif', 'examen'], dice), new Tab(server, ['interrogatoire', 'conclusion'], dice)];
  for (const tab of tabs) await tab.open();
  let over = false;
  const changing = weather(server, dice, () => over);
  await Promise.all(tabs.map((tab) => live(tab, dice)));
  over = true;
  await changing;
  for (const tab of tabs) tab.page!.wake();
  await vi.waitFor(() => expect(tabs.flatMap((tab) => tab.saver.unstored())).toEqual([]), 20_000);
  for (const [field, text] of tabs.flatMap((tab) => [...tab.typed])) {
    expect([field, server.heads(field).map((head) => head.text)]).toEqual([field, [text]]);
  }
  for (const tab of tabs) await tab.close();
}, 60_000);
