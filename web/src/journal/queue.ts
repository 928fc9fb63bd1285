// Journal writes in the order they were asked for: one overtaking another could undo it.

import type { Journal, Kept } from './store';
import type { Entry } from './types';

export class WriteQueue {
  private last: Promise<void> = Promise.resolve();
  private waiting = 0;

  constructor(private readonly journal: Journal) {}

  write(entries: Entry[], kept: Kept[] = []): Promise<void> {
    this.waiting += 1;
    const written = this.last.then(() => this.journal.write(entries, [], kept)).finally(() => (this.waiting -= 1));
    this.last = written.catch(() => undefined);
    return written;
  }

  /** Whether something asked for is not on the device yet. */
  get busy(): boolean {
    return this.waiting > 0;
  }

  /** Once everything asked for so far was tried. */
  settled(): Promise<void> {
    return this.last;
  }
}
