// Which of a page's unsent texts may go to another page, where somebody wants to write them. Pure but for taking them out
// of what it is given.

import type { Batch } from './batches';
import type { Entry } from './types';
import { freshWork, type Work } from './work';

/**
 * Takes the entries of inherited fields out of the page's own work and answers them, oldest first. What one request
 * carries stays together; a field in which the writer has still to choose stays too.
 */
export function takeOut(backlog: Batch[], works: Map<string, Work>, inherited: Set<string>): Entry[] {
  // Of a field whose answer is just being noted there is nothing to give: emptied here, it would be nowhere on a screen.
  const unsent = (field: string) =>
    Boolean(works.get(field)?.draft) || backlog.some(({ entries }) => entries.some((entry) => entry.field === field));
  const giving = new Set([...inherited].filter((field) => works.get(field)?.kept.length === 0 && unsent(field)));
  for (let before = -1; before !== giving.size; ) {
    before = giving.size;
    for (const { entries } of backlog) {
      if (entries.every(({ field }) => giving.has(field))) continue;
      for (const { field } of entries) giving.delete(field);
    }
  }
  const given = backlog.flatMap(({ entries }) => entries.filter(({ field }) => giving.has(field)));
  const staying = backlog.filter(({ entries }) => !entries.some(({ field }) => giving.has(field)));
  backlog.splice(0, backlog.length, ...staying);
  for (const field of giving) {
    const draft = works.get(field)?.draft;
    if (draft) given.push(draft.entry);
    works.set(field, freshWork());
    inherited.delete(field);
  }
  return given;
}
