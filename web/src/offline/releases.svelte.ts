// Releases of the front end on this device: the service worker that keeps the present one, and a newer one that waits. A
// newer release is taken by loading the next page anew, and only while nothing is unsent; no page is ever reloaded under
// somebody's hands.
import { onMove } from '../navigation.svelte';

const look_every_ms = 10 * 60_000;

class Releases {
  /** A newer release is on this device and waits for the next page. */
  ready = $state(false);
  #registration: ServiceWorkerRegistration | null = null;

  /** `mayLeave` says whether a page may be loaded anew. To be called once. */
  async follow(mayLeave: () => boolean): Promise<void> {
    if (!import.meta.env.PROD || !('serviceWorker' in navigator)) return;
    onMove((to) => this.#take(to, mayLeave));
    try {
      const registration = await navigator.serviceWorker.register('/service-worker.js', { updateViaCache: 'none' });
      this.#registration = registration;
      registration.addEventListener('updatefound', () => {
        registration.installing?.addEventListener('statechange', () => this.#look());
      });
      setInterval(() => void registration.update().catch(() => undefined), look_every_ms);
    } catch {
      // Without a worker everything works but opening a page offline.
    }
  }

  /** At once, by the reader's own wish. */
  take(): void {
    this.ready = false;
    window.location.reload();
  }

  #look(): void {
    // The first one waits for nobody.
    this.ready = Boolean(this.#registration?.waiting && this.#registration.active);
  }

  #take(to: URL, mayLeave: () => boolean): boolean {
    if (!this.ready || !navigator.onLine || !mayLeave()) return false;
    window.location.assign(to);
    return true;
  }
}

export const releases = new Releases();
