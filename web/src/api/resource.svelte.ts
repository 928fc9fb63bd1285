// What a page reads from the server, as state: loading, there, or refused. It asks again by itself
// when the language changes, when the connection comes back, and when what the question reads changes.
import { language } from '../words/words.svelte';
import { connection } from './connection.svelte';
import type { Answer, Problem } from './problem';

export class Resource<T> {
  value = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  loading = $state(true);
  #asked = $state(0);

  /** Asks again, keeping what is shown until the answer comes. */
  reload(): void {
    this.#asked += 1;
  }
  get asked(): number {
    return this.#asked;
  }
}

/** To be called while a component is set up. `ask` may answer null: nothing to ask yet. The state it
 *  reads before its first await is followed. `remembered` is shown at once, without a loading state. */
export function resource<T>(
  ask: (signal: AbortSignal) => Promise<Answer<T>> | null,
  remembered: T | null = null,
): Resource<T> {
  const state = new Resource<T>();
  state.value = remembered;
  state.loading = remembered === null;
  $effect(() => {
    // Read only to be followed.
    void [language(), connection.revivals, state.asked];
    const abort = new AbortController();
    const asking = ask(abort.signal);
    state.loading = asking !== null;
    void asking?.then((answer) => {
      if (abort.signal.aborted) return;
      state.loading = false;
      state.problem = answer.ok ? null : answer.problem;
      if (answer.ok) state.value = answer.value;
    });
    return () => abort.abort();
  });
  return state;
}
