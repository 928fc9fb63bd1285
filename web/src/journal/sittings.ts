// Groups a field's revisions into sittings: what one person wrote without a long pause. Autosave
// makes a revision every few seconds; a reader of the history wants the text each sitting left.
import type { Schemas } from '../api/types';

/** One stored revision as the history lists it; an addendum was written after the consultation was closed. */
export type StoredRevision = Schemas['record_revision_view'];

export interface Sitting {
  author_name: string;
  addendum: boolean;
  from: string;
  until: string;
  /** Oldest first; the last one is what the sitting left. */
  revisions: StoredRevision[];
}

export const pause_ms_max = 15 * 60_000;

/** Newest sitting first. Two people who write at once have a sitting each, and so has an addendum. */
export function sittingsOf(revisions: StoredRevision[]): Sitting[] {
  const open = new Map<string, Sitting>();
  const all: Sitting[] = [];
  const in_order = [...revisions].sort((a, b) => Date.parse(a.recorded_at) - Date.parse(b.recorded_at));
  for (const revision of in_order) {
    const at = Date.parse(revision.recorded_at);
    const { addendum } = revision;
    const whose = `${addendum}/${revision.author_name}`;
    const current = open.get(whose);
    if (current !== undefined && at - Date.parse(current.until) <= pause_ms_max) {
      current.until = revision.recorded_at;
      current.revisions.push(revision);
      continue;
    }
    const sitting: Sitting = {
      author_name: revision.author_name,
      addendum,
      from: revision.recorded_at,
      until: revision.recorded_at,
      revisions: [revision],
    };
    open.set(whose, sitting);
    all.push(sitting);
  }
  return all.sort((a, b) => Date.parse(b.until) - Date.parse(a.until));
}
