// The history as state: what an entry keeps is found again on coming back, and links stay inside.
import { beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { go, keep, location, recall, setQuery, startNavigation } from './navigation.svelte';

const back = () =>
  new Promise<void>((done) => {
    window.addEventListener('popstate', () => done(), { once: true });
    history.back();
  });

beforeAll(() => startNavigation());
beforeEach(() => {
  window.scrollTo = vi.fn() as unknown as typeof window.scrollTo;
  go('/start');
});

test('an entry keeps its memory and its scroll place for the way back', async () => {
  keep('list', [1, 2, 3]);
  Object.defineProperty(window, 'scrollY', { value: 420, configurable: true });
  go('/elsewhere');
  expect(location.path).toBe('/elsewhere');
  expect(recall('list')).toBeNull();
  await back();
  expect(location.path).toBe('/start');
  expect(recall('list')).toEqual([1, 2, 3]);
  await vi.waitFor(() => expect(window.scrollTo).toHaveBeenLastCalledWith(0, 420));
});

test('a change of the query makes no history entry and moves no focus', () => {
  const [entries, moves] = [history.length, location.moves];
  setQuery({ sector: 'c1', known: '' });
  expect(window.location.search).toBe('?sector=c1');
  setQuery({ sector: undefined });
  expect(window.location.search).toBe('');
  expect([history.length, location.moves]).toEqual([entries, moves]);
});

test('a link of this product is followed without loading the page, another one is left alone', () => {
  document.body.innerHTML = `<a id="in" href="/family">x</a><a id="api" href="/api/v1/x">x</a>`;
  const press = (id: string) => {
    let taken = false;
    // Read after everyone else, then stopped: jsdom cannot leave the page.
    const last = (event: Event) => {
      taken = event.defaultPrevented;
      event.preventDefault();
    };
    window.addEventListener('click', last, { once: true });
    document.getElementById(id)!.click();
    return taken;
  };
  expect(press('in')).toBe(true);
  expect(location.path).toBe('/family');
  expect(press('api')).toBe(false);
});

test('a link within the page moves the focus and not the history', () => {
  document.body.innerHTML = `<a id="jump" href="#field">x</a><input id="field">`;
  document.getElementById('field')!.scrollIntoView = () => {};
  const entries = history.length;
  document.getElementById('jump')!.click();
  expect(document.activeElement?.id).toBe('field');
  expect(history.length).toBe(entries);
});
