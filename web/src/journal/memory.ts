// The journal where the browser denies storage: it keeps nothing beyond the page, and every write
// says so by failing, so that no mark can claim that a word is on the device.

import type { Found, Held, Journal } from './store';
import type { Entry } from './types';

export class MemoryJournal implements Journal {
  readonly device_id = crypto.randomUUID();
  readonly epoch = 1;

  constructor(readonly account: string) {}

  write(_puts: Entry[]): Promise<void> {
    return Promise.reject(new Error('this browser keeps nothing on the device'));
  }

  hand(): Promise<void> {
    return Promise.resolve();
  }
  take(): Promise<Entry[]> {
    return Promise.resolve([]);
  }
  writers(): Promise<Set<string>> {
    return Promise.resolve(new Set());
  }
  adopt(): Promise<Found> {
    return Promise.resolve({ entries: [], unreadable: 0, locked: 0 });
  }

  elsewhere(): Promise<Map<string, Held>> {
    return Promise.resolve(new Map());
  }

  history(): Promise<Entry[]> {
    return Promise.resolve([]);
  }
}
