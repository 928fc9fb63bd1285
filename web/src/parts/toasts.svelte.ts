// Short messages at the foot of the screen, and acts that wait a few seconds so that they can be taken
// back. A waiting act is done at once when the page closes: what the screen announced happens.
export interface Toast {
  id: number;
  text: string;
  tone: 'plain' | 'broken';
  /** Label of the one button, and what it does. */
  act?: { label: string; run: () => void };
  endsAt: number;
}

const readForMs = 6000;
const undoForMs = 8000;
let last = 0;

class Toasts {
  items = $state.raw<Toast[]>([]);
  #timers = new Map<number, { timer: ReturnType<typeof setTimeout>; end: () => void }>();

  /** Says something that needs no answer. */
  say(text: string, tone: Toast['tone'] = 'plain'): void {
    this.#show({ text, tone }, readForMs, () => {});
  }

  /** Announces `run`, which happens after some seconds unless the reader presses `undoLabel`. It
   *  answers a function that does it at once; both `run` and `undone` happen at most once. */
  later(text: string, undoLabel: string, run: () => void, undone: () => void = () => {}): () => void {
    const id = this.#show({ text, tone: 'plain' }, undoForMs, run, (shown) => ({
      label: undoLabel,
      run: () => {
        this.#drop(shown);
        undone();
      },
    }));
    return () => this.finish(id);
  }

  /** Ends a toast now; a waiting act is done. */
  finish(id: number): void {
    const waiting = this.#timers.get(id);
    this.#drop(id);
    waiting?.end();
  }

  finishAll(): void {
    for (const id of [...this.#timers.keys()]) this.finish(id);
  }

  #show(
    toast: Pick<Toast, 'text' | 'tone'>,
    forMs: number,
    end: () => void,
    act?: (id: number) => NonNullable<Toast['act']>,
  ): number {
    const id = ++last;
    const shown: Toast = { ...toast, id, endsAt: Date.now() + forMs };
    if (act) shown.act = act(id);
    this.#timers.set(id, { timer: setTimeout(() => this.finish(id), forMs), end });
    this.items = [...this.items, shown];
    return id;
  }

  #drop(id: number): void {
    clearTimeout(this.#timers.get(id)?.timer);
    this.#timers.delete(id);
    this.items = this.items.filter((each) => each.id !== id);
  }
}

export const toasts = new Toasts();

if (typeof window !== 'undefined') window.addEventListener('pagehide', () => toasts.finishAll());
