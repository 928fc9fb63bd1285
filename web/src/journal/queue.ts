// Journal writes in the order they were asked for: one overtaking another could undo it.

import type { Journal, Kept } from './store';
import type { Entry } from './types';

export class WriteQueue {
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly journal: Journal) {}

  write(entries: Entry[], kept: Kept[] = []): Promise<void> {
    const written = this.last.then(() => this.journal.write(entries, [], kept));
    this.last = written.catch(() => undefined);
    return written;
  }

  /** Once everything asked for so far was tried. */
  settled(): Promise<void> {
    return this.last;
  }
}
