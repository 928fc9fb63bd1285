// Reads that also answer without a network: what was read last is kept on this device, sealed under the journal's key, so
// that a consultation that was opened can be written in while the server is away.
import { addressOf, api, type Options } from '../api/client';
import { connection } from '../api/connection.svelte';
import type { Answer } from '../api/problem';
import { desk } from '../journal/view.svelte';

const remembered = new WeakSet<object>();
/** No answer, or a proxy's word that there is no server behind it. */
const away = [0, 502, 503, 504];
/** After this long without an answer, what this device keeps is shown. */
export const patience_ms = 4_000;

/** As `api.get`; an answer of this device instead of the server's is told by `isRemembered`. */
export async function readKept<T extends object>(path: string, options: Options = {}): Promise<Answer<T>> {
  const name = addressOf(path, options.query);
  const asking = api.get(path, options as Options<never>) as Promise<Answer<T>>;
  const late = new Promise<null>((done) => setTimeout(() => done(null), patience_ms));
  const first = await Promise.race([asking, late]);
  if (first === null || (!first.ok && away.includes(first.problem.status))) {
    const value = (await (await desk.opened)?.recall<T>(name)) ?? null;
    if (value !== null) {
      // The answer of a slow server still comes: then everything shown is asked for again.
      if (first === null) void asking.then((answer) => answer.ok && connection.revive());
      remembered.add(value);
      return { ok: true, value };
    }
  }
  const answer = first ?? (await asking);
  if (answer.ok) void desk.opened.then((page) => page?.keep({ name, value: answer.value }));
  return answer;
}

export function isRemembered(value: object): boolean {
  return remembered.has(value);
}
