// The list of found practitioners as it grows page by page, and as it was when one comes back to it.
import { api } from '../api/client';
import type { Problem } from '../api/problem';
import type { FoundPractitioner, Place } from '../api/types';
import { keep, recall } from '../navigation.svelte';
import type { SearchWish } from './search-wish';

interface Remembered {
  question: string;
  items: FoundPractitioner[];
  total: number;
  place: Place | null;
}

const pageSize = 20;
const memoryName = 'results';

export class ResultList {
  items = $state.raw<FoundPractitioner[]>([]);
  total = $state(0);
  place = $state.raw<Place | null>(null);
  problem = $state.raw<Problem | null>(null);
  loading = $state(true);
  #question = '';
  #abort = new AbortController();

  /** Asks `wish` from the start, or shows what this history entry still has for the same question. */
  async start(wish: SearchWish, inLanguage: string): Promise<void> {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#question = JSON.stringify([wish, inLanguage]);
    const remembered = recall<Remembered>(memoryName);
    if (remembered?.question === this.#question) {
      Object.assign(this, { items: remembered.items, total: remembered.total, place: remembered.place });
      this.loading = false;
      return;
    }
    await this.#ask(wish, 0);
  }

  async more(wish: SearchWish): Promise<void> {
    if (!this.loading) await this.#ask(wish, this.items.length);
  }

  async #ask(wish: SearchWish, offset: number): Promise<void> {
    const { signal } = this.#abort;
    this.loading = true;
    const query = { ...wish, offset, limit: pageSize };
    const answer = await api.get('/practitioners', { query, signal });
    if (signal.aborted) return;
    this.loading = false;
    this.problem = answer.ok ? null : answer.problem;
    if (!answer.ok) return;
    this.items = offset === 0 ? answer.value.items : [...this.items, ...answer.value.items];
    this.total = answer.value.total;
    this.place = answer.value.place;
    keep(memoryName, { question: this.#question, items: this.items, total: this.total, place: this.place });
  }
}
