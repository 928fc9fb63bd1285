// A server and a journal in memory for the saver's tests: they follow the contract, and break it
// on request. Used by tests only.

import { webcrypto } from 'node:crypto';
import { vi } from 'vitest';
import { digestOf, toBase64Url } from './digest';
import type { Found, Held, Journal } from './store';
import type { Answer, Base, Entry, Head, Receipt, RevisionRequest, TextField, Transport } from './types';

const realTimeout = setTimeout;
const turn = () => new Promise((done) => realTimeout(done, 0));

/** Digests run on threads that no fake clock drives: they are counted, so that a busy machine fails no test. */
let digesting = 0;
const digest = crypto.subtle.digest.bind(crypto.subtle);
crypto.subtle.digest = async (...asked) => {
  digesting += 1;
  try {
    return await digest(...asked);
  } finally {
    digesting -= 1;
  }
};

/** Lets time pass, and lets the promises settle that wait for no timer. */
export async function tick(ms: number): Promise<void> {
  const steps = Math.max(1, Math.min(100, Math.ceil(ms / 50)));
  for (let step = 0; step < steps; step += 1) {
    await vi.advanceTimersByTimeAsync(ms / steps);
    do await turn();
    while (digesting > 0);
  }
  // What followed upon a digest may have asked for the next one.
  do await turn();
  while (digesting > 0);
}

const pass = (ms: number) => new Promise<void>((done) => setTimeout(done, ms));

export class TestJournal implements Journal {
  readonly account = 'anne';
  readonly device_id = 'device';
  readonly epoch = 1;
  broken = false;
  write_ms = 0;
  private readonly rows = new Map<string, Entry>();

  async write(puts: Entry[], removes: string[] = []): Promise<void> {
    if (this.write_ms > 0) await pass(this.write_ms);
    if (this.broken) throw new Error('quota');
    for (const entry of puts) this.rows.set(entry.entry_id, structuredClone(entry));
    for (const id of removes) this.rows.delete(id);
  }

  hand(): Promise<void> {
    return Promise.resolve();
  }
  take(): Promise<Entry[]> {
    return Promise.resolve([]);
  }
  writers(): Promise<Set<string>> {
    return Promise.resolve(new Set());
  }
  adopt(): Promise<Found> {
    return Promise.resolve({ entries: this.unsent(), unreadable: 0, locked: 0 });
  }

  elsewhere(): Promise<Map<string, Held>> {
    return Promise.resolve(new Map());
  }

  history(): Promise<Entry[]> {
    return Promise.resolve(this.all().filter((one) => one.state === 'acknowledged'));
  }

  all(): Entry[] {
    return [...this.rows.values()].sort((a, b) => a.order - b.order).map((one) => structuredClone(one));
  }

  unsent(): Entry[] {
    return this.all().filter((one) => ['draft', 'sending', 'different'].includes(one.state));
  }

  states(): string[] {
    return this.all().map((one) => one.state);
  }
}

interface Revision extends Head {
  field: TextField;
  bases: Base[];
}

export class TestServer {
  requests: { key: string; body: RevisionRequest }[] = [];
  lose: 'nothing' | 'requests' | 'answers' = 'nothing';
  answer_ms = 20;
  copies = 2;
  always: Answer | null = null;
  once: Answer | null = null;
  refuseField: string | null = null;
  alter: (text: string) => string = (text) => text;
  editReceipt: (receipt: Receipt) => Receipt = (receipt) => receipt;
  in_flight_max = 0;
  sent_before_journalled: string[] = [];
  private in_flight = 0;
  private readonly stored: Revision[] = [];
  private readonly keys = new Map<string, { body: string; ids: Promise<string[]> }>();

  constructor(private readonly journal: TestJournal) {}

  transport: Transport = async (practice_id, key, body) => {
    this.requests.push({ key, body: structuredClone(body) });
    this.checkJournal(key, body);
    this.in_flight += 1;
    this.in_flight_max = Math.max(this.in_flight_max, this.in_flight);
    const { lose } = this;
    await pass(this.answer_ms);
    this.in_flight -= 1;
    if (lose === 'requests') return { kind: 'unreachable' };
    const answer = await this.answer(practice_id, key, body);
    return lose === 'answers' ? { kind: 'unreachable' } : answer;
  };

  private checkJournal(key: string, body: RevisionRequest): void {
    for (const { field, text } of body.fields) {
      const kept = this.journal
        .unsent()
        .some((one) => one.idempotency_key === key && one.field === field && one.text === text);
      if (!kept && !this.journal.broken) this.sent_before_journalled.push(text);
    }
  }

  private async answer(practice_id: string, key: string, body: RevisionRequest): Promise<Answer> {
    if (this.always !== null) return this.always;
    if (this.once !== null) {
      const { once } = this;
      this.once = null;
      return once;
    }
    if (body.fields.some(({ field }) => field === this.refuseField)) {
      return { kind: 'refused', refusal: { code: 'invalid_request', detail: 'non' } };
    }
    const known = this.keys.get(key);
    if (known !== undefined && known.body !== JSON.stringify(body)) {
      return { kind: 'refused', refusal: { code: 'key_reused', detail: '' } };
    }
    // At once: the same request may come again while the first is being answered.
    const ids = known?.ids ?? this.append(body);
    this.keys.set(key, { body: JSON.stringify(body), ids });
    return { kind: 'receipt', receipt: this.editReceipt(this.receipt(practice_id, body, await ids)) };
  }

  private async append(body: RevisionRequest): Promise<string[]> {
    const ids: string[] = [];
    for (const { field, text, bases } of body.fields) {
      const revision = await this.revision(field, this.alter(text), bases);
      this.stored.push(revision);
      ids.push(revision.revision_id);
    }
    return ids;
  }

  private async revision(field: TextField, text: string, bases: Base[]): Promise<Revision> {
    const salt = crypto.getRandomValues(new Uint8Array(16));
    return {
      field,
      text,
      bases,
      revision_id: crypto.randomUUID(),
      salt: toBase64Url(salt),
      digest: await digestOf(salt, text),
      recorded_at: new Date().toISOString(),
      author_name: 'Dr Lefèvre',
    };
  }

  private receipt(practice_id: string, body: RevisionRequest, ids: string[]): Receipt {
    return {
      receipt_id: crypto.randomUUID(),
      practice_id,
      subject_kind: body.subject_kind,
      subject_id: body.subject_id,
      recorded_at: new Date().toISOString(),
      retracted: false,
      copies: this.copies,
      machines: 1,
      where: this.copies === 2 ? 'same_machine' : 'same_disk',
      fields: ids.map((id) => {
        const { field, revision_id, salt, digest } = this.stored.find((one) => one.revision_id === id)!;
        const heads = this.heads(field).map((head) => head.revision_id);
        return { field, revision_id, salt, digest, heads, addendum: false };
      }),
    };
  }

  /** As a server restored to an earlier moment would. */
  lose_revision(revision_id: string): void {
    this.stored.splice(this.stored.findIndex((one) => one.revision_id === revision_id), 1);
  }

  revisions(field: string): Revision[] {
    return this.stored.filter((one) => one.field === field);
  }

  texts(field: string): string[] {
    return this.revisions(field).map((one) => one.text);
  }

  heads(field: string): Head[] {
    const based = new Set(this.stored.flatMap((one) => one.bases.map((base) => base.revision_id)));
    return this.revisions(field).filter((one) => !based.has(one.revision_id));
  }

  /** A text that somebody else stored; its digest plays no part in these tests. */
  foreignHead(field: TextField, text: string): Head {
    const head: Revision = {
      field,
      text,
      bases: [],
      revision_id: crypto.randomUUID(),
      salt: 'AA',
      digest: 'AA',
      recorded_at: new Date().toISOString(),
      author_name: 'Dr Roux',
    };
    this.stored.push(head);
    return head;
  }
}

/** The part of the Web Locks API that a page uses: a lock is held until its promise ends, others wait in line. */
class TestLocks {
  private readonly lines = new Map<string, Promise<unknown>>();
  request(name: string, ...rest: unknown[]): Promise<unknown> {
    const work = rest.at(-1) as () => Promise<unknown>;
    const before = this.lines.get(name);
    const done = before === undefined ? work() : before.then(work);
    this.lines.set(name, done);
    return done.finally(() => this.lines.get(name) === done && this.lines.delete(name));
  }
  query() {
    return Promise.resolve({ held: [...this.lines.keys()].map((name) => ({ name })) });
  }
}

/** What a page asks of a browser beside IndexedDB; each call makes the locks anew. */
export function standInBrowser(): void {
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('crypto', webcrypto);
  Object.defineProperty(navigator, 'locks', { value: new TestLocks(), configurable: true });
  Object.defineProperty(navigator, 'storage', {
    value: { persisted: async () => false, persist: async () => true, estimate: async () => ({}), getDirectory: async () => ({}) },
    configurable: true,
  });
}
