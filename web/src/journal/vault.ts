// The keys of one account's journal on this device. A device key seals what is unsent and what is needed to write
// offline: the page uses it and cannot read it. It is wrapped by a key that the server releases to a signed-in session
// of the account only, so that at sign-out the device can let go of it and keep the text. Acknowledged history is sealed
// under a second released key, which stays in memory.

import type { IDBPDatabase } from 'idb';
import type { JournalSchema } from './schema';

export interface DeviceKey {
  key_id: string;
  account: string;
  /** Null after a sign-out, until the account signs in again. */
  handle: CryptoKey | null;
  /** The same key, wrapped. Null until the server could be asked once; only then is the handle extractable. */
  wrapped: { iv: Uint8Array<ArrayBuffer>; cipher: ArrayBuffer } | null;
  made_at: number;
}

/** What the server releases to a session of the account, as keys that the page cannot read. */
export interface ReleasedKeys {
  wrapping: CryptoKey;
  history: CryptoKey;
}

/** Null when the server cannot be asked at the moment, or does not release. */
export type KeySource = (account: string, device_id: string) => Promise<ReleasedKeys | null>;

export const history_key_id = 'history';
const algorithm = { name: 'AES-GCM', length: 256 };
const uses: KeyUsage[] = ['encrypt', 'decrypt'];

export async function importReleased(wrapping: BufferSource, history: BufferSource): Promise<ReleasedKeys> {
  return {
    wrapping: await crypto.subtle.importKey('raw', wrapping, algorithm, false, ['wrapKey', 'unwrapKey']),
    history: await crypto.subtle.importKey('raw', history, algorithm, false, uses),
  };
}

export class Vault {
  private keys = new Map<string, DeviceKey>();
  private history: CryptoKey | null = null;
  private wrapping: CryptoKey | null = null;
  private making: Promise<DeviceKey> | null = null;

  private constructor(
    private readonly db: IDBPDatabase<JournalSchema>,
    private readonly account: string,
  ) {}

  static async open(db: IDBPDatabase<JournalSchema>, account: string): Promise<Vault> {
    const vault = new Vault(db, account);
    await vault.reload();
    return vault;
  }

  /** Keys that another page has made or unwrapped since. */
  async reload(): Promise<void> {
    const kept = await this.db.getAllFromIndex('device_keys', 'by_account', this.account);
    this.keys = new Map(kept.map((key) => [key.key_id, key]));
  }

  /** Whether there is text that only a release by the server can open. */
  get locked(): boolean {
    return [...this.keys.values()].some((key) => key.handle === null);
  }
  get released(): boolean {
    return this.history !== null;
  }

  /** A key that the server can give back, unlike one that nobody knows. */
  isClosed(key_id: string): boolean {
    return key_id === history_key_id ? this.history === null : this.keys.get(key_id)?.handle === null;
  }

  opening(key_id: string): CryptoKey | null {
    return key_id === history_key_id ? this.history : (this.keys.get(key_id)?.handle ?? null);
  }

  /** The key for what is acknowledged: the released one as soon as it is there. */
  async forHistory(): Promise<{ key_id: string; key: CryptoKey }> {
    return this.history === null ? this.forWriting() : { key_id: history_key_id, key: this.history };
  }

  async forWriting(): Promise<{ key_id: string; key: CryptoKey }> {
    const usable = [...this.keys.values()].filter((key) => key.handle !== null && mayBeWrapped(key));
    const newest = usable.sort((a, b) => a.made_at - b.made_at).at(-1) ?? (await (this.making ??= this.make()));
    return { key_id: newest.key_id, key: newest.handle! };
  }

  private async make(): Promise<DeviceKey> {
    try {
      const handle = await crypto.subtle.generateKey(algorithm, true, uses);
      const fresh: DeviceKey = { key_id: crypto.randomUUID(), account: this.account, handle, wrapped: null, made_at: Date.now() };
      const made = this.wrapping === null ? fresh : await wrap(fresh, handle, this.wrapping);
      await this.put([made]);
      return made;
    } finally {
      this.making = null;
    }
  }

  /** Wraps what was not wrapped yet, and opens what a sign-out had closed. A key that does not unwrap stays as it is. */
  async release(released: ReleasedKeys): Promise<void> {
    // A key that is made from now on is wrapped at once; one that is just being made without it is waited for.
    this.wrapping = released.wrapping;
    await this.making?.catch(() => undefined);
    await this.reload();
    const changed: DeviceKey[] = [];
    for (const key of this.keys.values()) {
      if (key.handle === null && key.wrapped !== null) {
        const handle = await unwrap(key.wrapped, released.wrapping);
        if (handle !== null) changed.push({ ...key, handle });
      } else if (key.handle?.extractable) {
        changed.push(await wrap(key, key.handle, released.wrapping));
      }
    }
    await this.put(changed);
    this.history = released.history;
  }

  private async put(keys: DeviceKey[]): Promise<void> {
    if (keys.length === 0) return;
    const tx = this.db.transaction('device_keys', 'readwrite', { durability: 'strict' });
    for (const key of keys) await tx.store.put(key);
    await tx.done;
    for (const key of keys) this.keys.set(key.key_id, key);
  }
}

/** Lets go of keys that the server can give back; those of `but` stay. Answers how many had to stay all the same. */
export async function letGo(db: IDBPDatabase<JournalSchema>, whose: (account: string) => boolean): Promise<number> {
  const tx = db.transaction('device_keys', 'readwrite', { durability: 'strict' });
  let stayed = 0;
  for (const key of await tx.store.getAll()) {
    if (!whose(key.account) || key.handle === null) continue;
    if (key.wrapped === null) stayed += 1;
    else await tx.store.put({ ...key, handle: null });
  }
  await tx.done;
  return stayed;
}

/** A key of the journal's first form can be neither read nor wrapped: it opens what it sealed, and seals nothing new. */
function mayBeWrapped(key: DeviceKey): boolean {
  return key.wrapped !== null || key.handle?.extractable === true;
}

async function wrap(key: DeviceKey, handle: CryptoKey, wrapping: CryptoKey): Promise<DeviceKey> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const cipher = await crypto.subtle.wrapKey('raw', handle, wrapping, { name: 'AES-GCM', iv });
  const wrapped = { iv, cipher };
  // What lies on the device from now on is the copy that cannot be read.
  const closed = await unwrap(wrapped, wrapping);
  if (closed === null) throw new Error('a wrapped key does not open');
  return { ...key, handle: closed, wrapped };
}

async function unwrap(wrapped: NonNullable<DeviceKey['wrapped']>, wrapping: CryptoKey): Promise<CryptoKey | null> {
  try {
    const { iv, cipher } = wrapped;
    return await crypto.subtle.unwrapKey('raw', cipher, wrapping, { name: 'AES-GCM', iv }, algorithm, false, uses);
  } catch {
    return null;
  }
}
