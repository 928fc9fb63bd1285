// Where the reader is: the browser's history as state, with the scroll place of each entry and what
// a page wants to find again on coming back (a list's length, for instance). No pages are named here.
import { tick } from 'svelte';

interface EntryState {
  entry: number;
}

const scrolls = new Map<number, number>();
const memories = new Map<number, Map<string, unknown>>();
const restoreForMs = 1500;

class Location {
  url = $state.raw(new URL(window.location.href));
  /** Grows with every move to another page, so that the shell can hand over the focus. */
  moves = $state(0);
  entry = 0;

  get path(): string {
    return this.url.pathname;
  }
  get query(): URLSearchParams {
    return this.url.searchParams;
  }
}

export const location = new Location();

/** Starts following the browser. To be called once. */
export function startNavigation(): void {
  history.scrollRestoration = 'manual';
  location.entry = (history.state as EntryState | null)?.entry ?? freshEntry();
  history.replaceState({ entry: location.entry }, '');
  window.addEventListener('popstate', onPop);
  document.addEventListener('click', onClick);
}

let taken: (to: URL) => boolean = () => false;

/** `takes` may take a move to another page into its own hands, by loading that page anew. One at a time. */
export function onMove(takes: (to: URL) => boolean): void {
  taken = takes;
}

/** Goes to an address of this product. `replace` leaves no way back to the present one. */
export function go(to: string, { replace = false } = {}): void {
  const next = new URL(to, location.url);
  if (next.pathname !== location.url.pathname && taken(next)) return;
  if (replace) {
    history.replaceState({ entry: location.entry }, '', next);
  } else {
    scrolls.set(location.entry, window.scrollY);
    location.entry = freshEntry();
    history.pushState({ entry: location.entry }, '', next);
  }
  const otherPage = next.pathname !== location.url.pathname;
  location.url = next;
  if (!otherPage) return;
  location.moves += 1;
  if (!replace) window.scrollTo(0, 0);
}

/** Changes the query of the present page without a new history entry and without moving the focus. */
export function setQuery(values: Readonly<Record<string, string | undefined>>): void {
  const next = new URL(location.url);
  for (const [name, value] of Object.entries(values)) {
    if (value) next.searchParams.set(name, value);
    else next.searchParams.delete(name);
  }
  if (next.href === location.url.href) return;
  history.replaceState({ entry: location.entry }, '', next);
  location.url = next;
}

/** What this history entry keeps under `name` while the tab lives. */
export function recall<T>(name: string): T | null {
  return (memories.get(location.entry)?.get(name) as T | undefined) ?? null;
}

export function keep(name: string, value: unknown): void {
  const memory = memories.get(location.entry) ?? new Map<string, unknown>();
  memories.set(location.entry, memory.set(name, value));
}

function onPop(event: PopStateEvent): void {
  scrolls.set(location.entry, window.scrollY);
  const next = new URL(window.location.href);
  location.entry = (event.state as EntryState | null)?.entry ?? freshEntry();
  const otherPage = next.pathname !== location.url.pathname;
  location.url = next;
  if (otherPage) location.moves += 1;
  void restoreScroll(location.entry);
}

// The page may still be loading its list: the place is sought until the document is tall enough.
async function restoreScroll(entry: number): Promise<void> {
  const wanted = scrolls.get(entry) ?? 0;
  const until = performance.now() + restoreForMs;
  await tick();
  const seek = () => {
    if (location.entry !== entry) return;
    window.scrollTo(0, wanted);
    if (Math.abs(window.scrollY - wanted) > 2 && performance.now() < until) requestAnimationFrame(seek);
  };
  seek();
}

function onClick(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0) return;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = (event.target as Element | null)?.closest('a');
  if (!link || link.target || link.hasAttribute('download') || link.origin !== window.location.origin) return;
  if (link.pathname.startsWith('/api/')) return;
  event.preventDefault();
  const samePage = link.pathname === location.path && link.search === location.url.search;
  if (samePage && link.hash) return goWithin(link.hash.slice(1));
  go(link.href);
}

// A link to a field or a heading moves the focus and leaves the history alone.
function goWithin(id: string): void {
  const target = document.getElementById(id);
  target?.scrollIntoView({ block: 'center' });
  target?.focus({ preventScroll: true });
}

function freshEntry(): number {
  return Date.now() * 1000 + Math.floor(Math.random() * 1000);
}
