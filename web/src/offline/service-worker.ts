// What lets the staff's pages open without a network: the files of one release, under their hashed names, and the page
// that names them. Nothing else is ever kept here: no answer of the API, no health data. Built into one script without
// imports; the build writes the list of files into it, so that every release has a script of its own. A newer worker waits
// until the last tab of the former one is closed: pages of the newer release come from the server meanwhile.
/// <reference lib="webworker" />
export {};
declare const self: ServiceWorkerGlobalScope;
declare const MANENT_FILES: readonly string[];

const page = '/index.html';
const prefix = 'manent-';
/** This release and the one before it: an open page of that one still finds its next part. */
const releases_max = 2;
const answer_ms_max = 4_000;
const release = prefix + markOf(MANENT_FILES);

self.addEventListener('install', (event) => event.waitUntil(keepRelease()));
self.addEventListener('activate', (event) => event.waitUntil(takeOver()));
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin) return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(keptOrFetched(request));
  else if (request.mode === 'navigate' && isStaffs(url.pathname)) event.respondWith(newestPage(request));
});

function isStaffs(path: string): boolean {
  return path === '/staff' || path.startsWith('/staff/');
}

/** All files, then the page; a page that names others belongs to a newer release, whose own worker comes. */
async function keepRelease(): Promise<void> {
  const cache = await caches.open(release);
  await cache.addAll(MANENT_FILES.map((name) => `/${name}`));
  const answer = await fetch(page, { cache: 'no-store' });
  const named = (await answer.clone().text()).match(/assets\/[\w.-]+/g) ?? [];
  const known = new Set(MANENT_FILES);
  if (!answer.ok || named.length === 0 || !named.every((name) => known.has(name))) {
    throw new Error('the page is not of this release');
  }
  await cache.put(page, answer);
}

async function takeOver(): Promise<void> {
  // In the order in which they were made.
  const releases = (await caches.keys()).filter((name) => name.startsWith(prefix));
  const older = releases.filter((name) => name !== release);
  const gone = older.slice(0, Math.max(0, older.length - (releases_max - 1)));
  await Promise.all(gone.map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function keptOrFetched(request: Request): Promise<Response> {
  const kept = await caches.match(request, { ignoreVary: true });
  return kept ?? fetch(request);
}

/** The server's page while it answers, so that a new release is taken by any ordinary load; else the kept one. */
async function newestPage(request: Request): Promise<Response> {
  const kept = await (await caches.open(release)).match(page);
  if (kept === undefined) return fetch(request);
  try {
    const answer = await Promise.race([fetch(request), late()]);
    return answer.status >= 500 ? kept : answer;
  } catch {
    return kept;
  }
}

function late(): Promise<never> {
  return new Promise((_, fail) => setTimeout(() => fail(new Error('late')), answer_ms_max));
}

/** FNV-1a: a short name for a list of names. */
function markOf(names: readonly string[]): string {
  let mark = 0x811c9dc5;
  for (const letter of names.join('\n')) mark = Math.imul(mark ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return mark.toString(16);
}
