// What to send again when the server turns out to have lost or changed what it had acknowledged. Pure: it plans, the
// saver sends. A text that a later one holds, which the server still has, needs no sending.

import type { Acknowledged } from './schema';
import type { Base } from './types';

export interface Lost {
  /** The newest acknowledged text of its line of writing. */
  receipt: Acknowledged;
  /** What to write it upon: the nearest revisions below it that the server has not lost. */
  bases: Base[];
  /** All that it stands for, itself included: not reported any more once it was sent again. */
  revisions: string[];
}

/** `broken`: revisions that the server does not have, or has otherwise. */
export function planRecovery(all: Acknowledged[], broken: Set<string>): Lost[] {
  const known = new Map(all.map((one) => [one.revision_id, one]));
  const below = new Set(all.flatMap((one) => one.bases.map((base) => base.revision_id)));
  const lost: Lost[] = [];
  for (const receipt of all) {
    // Something of this device was written upon it: that one speaks for it, sound or not.
    if (!broken.has(receipt.revision_id) || below.has(receipt.revision_id)) continue;
    const revisions: string[] = [];
    const bases = new Map<string, Base>();
    const waiting: Base[] = [receipt];
    for (let at = waiting.pop(); at !== undefined; at = waiting.pop()) {
      const { revision_id, digest } = at;
      const here = known.get(revision_id);
      if (here === undefined || !broken.has(revision_id)) {
        bases.set(revision_id, { revision_id, digest });
      } else if (!revisions.includes(revision_id)) {
        revisions.push(revision_id);
        waiting.push(...here.bases);
      }
    }
    lost.push({ receipt, bases: [...bases.values()], revisions });
  }
  return lost;
}
