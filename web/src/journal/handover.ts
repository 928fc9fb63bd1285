// What goes along when a field is handed over to another page, where somebody wants to write it. Pure but for taking it
// out of what it is given.

import type { Batch } from './batches';
import type { Entry } from './types';
import { freshWork, type Work } from './work';

/**
 * Takes the unsent entries of a field out of the page's own work and answers them, oldest first. What one request carries
 * goes together; where the writer has still to choose between texts, nothing goes. What went is still shown, as held
 * elsewhere.
 */
export function takeOut(backlog: Batch[], works: Map<string, Work>, field: string): Entry[] {
  const going = boundTo(field, backlog);
  const isBound = ({ entries }: Batch) => entries.some((entry) => going.has(entry.field));
  // Of a text whose answer is just being noted there is nothing to give: emptied here, it would be nowhere on a screen.
  if (!works.get(field)?.draft && !backlog.some(isBound)) return [];
  if ([...going].some((each) => works.get(each)?.kept.length)) return [];
  const given = backlog.filter(isBound).flatMap(({ entries }) => entries);
  const staying = backlog.filter((batch) => !isBound(batch));
  backlog.splice(0, backlog.length, ...staying);
  for (const each of going) {
    const { draft, text, bases } = works.get(each) ?? freshWork();
    if (draft !== null) given.push(draft.entry);
    works.set(each, { ...freshWork(), text, bases, elsewhere: 'held' });
  }
  return given;
}

/** The field, and all that shares a request with it, directly or through others. */
function boundTo(field: string, backlog: Batch[]): Set<string> {
  const going = new Set([field]);
  for (let before = 0; before !== going.size; ) {
    before = going.size;
    for (const { entries } of backlog) {
      if (entries.some((entry) => going.has(entry.field))) for (const entry of entries) going.add(entry.field);
    }
  }
  return going;
}
