// The keys of the staff's pages: a page names what it offers, `?` lists it, and no key acts while
// somebody types.

export interface KeyAct {
  key: string;
  label: string;
  run: () => void;
}

class Keys {
  acts = $state.raw<KeyAct[]>([]);
  shown = $state(false);

  /** Adds acts while a component stands; returns how to take them away. For an $effect. */
  offer(acts: KeyAct[]): () => void {
    this.acts = [...this.acts, ...acts];
    return () => (this.acts = this.acts.filter((act) => !acts.includes(act)));
  }

  press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
    if (event.key === '?') {
      this.shown = true;
    } else {
      // The part of the page that came last stands nearest to the reader.
      const act = this.acts.findLast((one) => one.key === event.key);
      if (act === undefined) return;
      act.run();
    }
    event.preventDefault();
  }
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

export const keys = new Keys();
