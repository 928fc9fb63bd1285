// Finds out before the first word is typed whether this browser will keep it: writes, reads back
// and removes a probe, looks for a private window, and asks that the storage be not evicted.

import { openDB, deleteDB } from 'idb';

export type StorageVerdict =
  /** Kept on the device; `persistent` is the browser's own answer about eviction. */
  | { kind: 'kept'; persistent: boolean; free_mb: number | null }
  /** Works, and is forgotten when the window closes. */
  | { kind: 'private_window' }
  /** The browser refuses storage or loses the probe. */
  | { kind: 'denied' }
  /** Plain http on another address than this machine: no encryption in this browser. */
  | { kind: 'insecure_origin' };

const probe_name = 'manent-probe';

/** Never rejects. */
export async function checkStorage(): Promise<StorageVerdict> {
  if (!window.isSecureContext || crypto.subtle === undefined) return { kind: 'insecure_origin' };
  if (!(await keepsProbe())) return { kind: 'denied' };
  if (await isPrivateWindow()) return { kind: 'private_window' };
  return { kind: 'kept', persistent: await askPersistence(), free_mb: await freeMegabytes() };
}

/** A probe is written by one connection and read back by another. */
async function keepsProbe(): Promise<boolean> {
  const name = `${probe_name}-${crypto.randomUUID()}`;
  try {
    const upgrade = (db: { createObjectStore(name: 'probe'): unknown }) =>
      void db.createObjectStore('probe');
    const first = await openDB(name, 1, { upgrade });
    const tx = first.transaction('probe', 'readwrite', { durability: 'strict' });
    await Promise.all([tx.store.put('manent', 1), tx.done]);
    first.close();
    const second = await openDB(name, 1);
    const found: unknown = await second.get('probe', 1);
    second.close();
    await deleteDB(name);
    return found === 'manent';
  } catch {
    return false;
  }
}

interface ChromiumPerformance extends Performance {
  memory?: { jsHeapSizeLimit: number };
}

/**
 * No browser tells; two signs may. Firefox and Safari refuse the private file system in a private
 * window; older Chromium gives such a window less room than twice its script memory. Newer Chromium
 * hides every sign: there only its answer about eviction remains, and that is shown.
 */
async function isPrivateWindow(): Promise<boolean> {
  try {
    await navigator.storage.getDirectory();
  } catch {
    return true;
  }
  const heap = (performance as ChromiumPerformance).memory?.jsHeapSizeLimit;
  if (heap === undefined) return false;
  const { quota } = await estimate();
  return quota !== undefined && quota < heap * 2;
}

async function askPersistence(): Promise<boolean> {
  try {
    return (await navigator.storage.persisted()) || (await navigator.storage.persist());
  } catch {
    return false;
  }
}

async function freeMegabytes(): Promise<number | null> {
  const { quota, usage } = await estimate();
  if (quota === undefined || usage === undefined) return null;
  return Math.floor((quota - usage) / 1_000_000);
}

async function estimate(): Promise<StorageEstimate> {
  try {
    return await navigator.storage.estimate();
  } catch {
    return {};
  }
}
