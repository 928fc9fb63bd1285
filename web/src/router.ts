// Addresses to pages: patterns with named parts, first match wins. Pure; the browser's history is
// kept in navigation.svelte.ts.

export interface Match<Page> {
  page: Page;
  params: Readonly<Record<string, string>>;
}

export interface Route<Page> {
  /** `/practitioners/:id`; a last part `*` takes whatever follows. */
  pattern: string;
  page: Page;
}

/** Finds the page of a path, or null. Parts are decoded; a part that cannot be decoded matches nothing. */
export function matchRoute<Page>(routes: readonly Route<Page>[], path: string): Match<Page> | null {
  const parts = split(path);
  for (const route of routes) {
    const params = matchParts(split(route.pattern), parts);
    if (params) return { page: route.page, params };
  }
  return null;
}

function split(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}

function matchParts(pattern: string[], parts: string[]): Record<string, string> | null {
  const params: Record<string, string> = {};
  for (const [index, wanted] of pattern.entries()) {
    if (wanted === '*') {
      params['rest'] = parts.slice(index).join('/');
      return params;
    }
    const part = parts[index];
    if (part === undefined) return null;
    if (!wanted.startsWith(':')) {
      if (wanted !== part) return null;
      continue;
    }
    const value = decode(part);
    if (value === null) return null;
    params[wanted.slice(1)] = value;
  }
  return parts.length === pattern.length ? params : null;
}

function decode(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

/** A path with its query; members that are undefined or '' are left out. */
export function href(path: string, query: Readonly<Record<string, string | undefined>> = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value) search.set(name, value);
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

/** A path of this product to return to after signing in; anything else becomes `fallback`, so that a
 *  crafted link cannot send people elsewhere. */
export function safeReturn(wanted: string | null, fallback: string): string {
  return wanted && /^\/(?![/\\])/.test(wanted) ? wanted : fallback;
}
