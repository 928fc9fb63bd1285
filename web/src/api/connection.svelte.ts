// Whether the server answers, for the bar at the top of the page. Set by the client after each call;
// when the server is back, whoever waits is told to ask again.
export type Reach = 'reached' | 'offline' | 'unavailable';

class Connection {
  reach = $state<Reach>('reached');
  /** Grows each time that the reader or the browser wants everything asked again. */
  revivals = $state(0);

  note(reach: Reach): void {
    this.reach = reach;
  }
  revive(): void {
    this.revivals += 1;
  }
}

export const connection = new Connection();

if (typeof window !== 'undefined') {
  window.addEventListener('offline', () => connection.note('offline'));
  window.addEventListener('online', () => connection.revive());
}
