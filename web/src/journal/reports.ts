// Tells the server every few minutes, and when the page closes, which receipts this device holds; and has what the server
// turns out to have lost sent again. One page at a time reports for an account.

import type { PageJournal } from './page';
import { planRecovery, type Lost } from './recovery';
import type { Acknowledged } from './schema';
import type { Schemas } from '../api/types';

export type Report = Schemas['incident_device_report'];
export type Outcome = Schemas['incident_report_outcome'];
/** Null when the server did not compare. `closing`: the page is on its way out. */
export type SendReport = (practice_id: string, report: Report, closing: boolean) => Promise<Outcome | null>;

/** Something that the server had confirmed and has not any more. */
export interface Recovered {
  lost: Lost;
  /** Whether this device still had the text, and sends it again. */
  sent: boolean;
}

export const report_every_ms = 4 * 60_000;
const first_report_ms = 20_000;
const reported_max = 1_000;
/** A request that outlives its page is limited to 64 kB. */
const closing_max = 400;

export class Reporter {
  private readonly closing = new AbortController();
  private next: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly page: PageJournal,
    private readonly send: SendReport,
    private readonly told: (recovered: Recovered[]) => void,
  ) {}

  start(): void {
    const again = (in_ms: number) => {
      this.next = setTimeout(() => void this.report().finally(() => again(report_every_ms)), in_ms);
    };
    again(first_report_ms);
    addEventListener('pagehide', () => this.reportFresh(), { signal: this.closing.signal });
  }

  stop(): void {
    clearTimeout(this.next);
    this.reportFresh();
    this.closing.abort();
  }

  /** What was acknowledged since the last report, without waiting for anything. */
  private reportFresh(): void {
    for (const [practice_id, receipts] of byPractice(this.page.takeFresh())) {
      void this.send(practice_id, this.reportOf(receipts.slice(-closing_max)), true);
    }
  }

  /** One report a practice. Another tab that reports at the moment does it for this one. */
  async report(): Promise<void> {
    const work = async () => {
      this.page.takeFresh();
      const all = await this.page.acknowledged();
      for (const [practice_id, receipts] of byPractice(all)) {
        const outcome = await this.send(practice_id, this.reportOf(chosen(receipts, Math.random())), false);
        if (outcome !== null) await this.recover(receipts, new Set([...outcome.missing, ...outcome.different]));
      }
    };
    if (navigator.locks === undefined) return work();
    await navigator.locks.request('manent-report', { ifAvailable: true }, (lock) => (lock === null ? undefined : work()));
  }

  private reportOf(receipts: Acknowledged[]): Report {
    const revisions = receipts.map(({ revision_id, digest }) => ({ revision_id, digest }));
    return { device_id: this.page.device_id, sent_at: new Date().toISOString(), revisions };
  }

  private async recover(all: Acknowledged[], broken: Set<string>): Promise<void> {
    if (broken.size === 0) return;
    const done: Recovered[] = [];
    for (const lost of planRecovery(all, broken)) {
      done.push({ lost, sent: await this.page.sendAgain(lost) });
    }
    this.told(done);
  }
}

function byPractice(receipts: Acknowledged[]): Map<string, Acknowledged[]> {
  const practices = new Map<string, Acknowledged[]>();
  for (const one of receipts) {
    const { practice_id } = one.subject;
    practices.set(practice_id, [...(practices.get(practice_id) ?? []), one]);
  }
  return practices;
}

/** The newest, and a stretch of the older ones from a place that changes: in time, all of them. */
export function chosen(receipts: Acknowledged[], turn: number): Acknowledged[] {
  if (receipts.length <= reported_max) return receipts;
  const half = reported_max / 2;
  const older = receipts.slice(0, -half);
  const from = Math.floor(turn * Math.max(1, older.length - half + 1));
  return [...older.slice(from, from + half), ...receipts.slice(-half)];
}
