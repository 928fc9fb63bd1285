// The one way to the server: JSON over fetch, refusals as values, retries only where repeating is
// harmless (reads, and writes that carry an Idempotency-Key). It never throws for an expected outcome.
import { language } from '../words/words.svelte';
import { connection } from './connection.svelte';
import type { AnswerOf, BodyOf } from './paths';
import { codeUnreadable, offlineProblem, readProblem, type Answer } from './problem';

export type Query = Readonly<Record<string, string | number | boolean | undefined>>;

export interface Options<Body = unknown> {
  query?: Query;
  body?: Body;
  /** Sent as Idempotency-Key: repeating the call then answers the first outcome again. */
  key?: string;
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** Lets the request outlive the page, for what is sent while it closes. */
  keepalive?: boolean;
}

const base = '/api/v1';
const pausesMs = [400, 1200];
const retryAfterMaxS = 5;
/** A server that hangs is no better than one that is away. */
const readMsMax = 20_000;

export const api = {
  get: <Path extends string>(path: Path, options: Options<never> = {}) => call<AnswerOf<'get', Path>>('GET', path, options),
  post: <Path extends string>(path: Path, options: Options<BodyOf<'post', Path>> = {}) =>
    call<AnswerOf<'post', Path>>('POST', path, options),
  put: <Path extends string>(path: Path, options: Options<BodyOf<'put', Path>> = {}) =>
    call<AnswerOf<'put', Path>>('PUT', path, options),
  del: <Path extends string>(path: Path, options: Options<never> = {}) => call<AnswerOf<'delete', Path>>('DELETE', path, options),
};

/** A fresh key for one wish of the user: kept while the wish is repeated, changed when it changes. */
export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID();
  // Plain http on another host than localhost has no randomUUID, but has random bytes.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (each) => each.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** The address of a path with its query; members that are undefined or '' are left out. */
export function addressOf(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return base + path + (text ? `?${text}` : '');
}

async function call<T>(method: string, path: string, options: Options): Promise<Answer<T>> {
  const repeatable = method === 'GET' || options.key !== undefined;
  for (let attempt = 0; ; attempt += 1) {
    const answer = await once<T>(method, path, options);
    const pause = repeatable ? pauseBefore(answer, attempt) : null;
    // Who gave the question up learns nothing about the connection from it.
    if (options.signal?.aborted) return answer;
    if (pause === null) return note(answer);
    await new Promise((done) => setTimeout(done, pause));
  }
}

/** How long to wait before asking again, or null when the answer stands. */
function pauseBefore<T>(answer: Answer<T>, attempt: number): number | null {
  if (answer.ok || attempt >= pausesMs.length) return null;
  const { status, retry_after_s } = answer.problem;
  if (status !== 0 && status !== 503) return null;
  if (retry_after_s !== undefined && retry_after_s > retryAfterMaxS) return null;
  return Math.max(pausesMs[attempt]!, (retry_after_s ?? 0) * 1000);
}

let signedOut: () => void = () => {};

/** Tells `listener` whenever the server says that nobody is signed in. One listener: the session. */
export function onSignedOut(listener: () => void): void {
  signedOut = listener;
}

function note<T>(answer: Answer<T>): Answer<T> {
  if (!answer.ok && (answer.problem.code === 'not_signed_in' || answer.problem.code === 'locked')) signedOut();
  const status = answer.ok ? 200 : answer.problem.status;
  connection.note(status === 0 ? 'offline' : status === 503 ? 'unavailable' : 'reached');
  return answer;
}

async function once<T>(method: string, path: string, options: Options): Promise<Answer<T>> {
  const headers = new Headers({ Accept: 'application/json', 'Accept-Language': language(), ...options.headers });
  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  if (options.key !== undefined) headers.set('Idempotency-Key', options.key);
  if (method !== 'GET') headers.set('Content-Type', 'application/json');
  if (method === 'POST' || method === 'PUT') init.body = JSON.stringify(options.body ?? {});
  const limit = method === 'GET' && options.signal === undefined ? AbortSignal.timeout(readMsMax) : undefined;
  const signal = options.signal ?? limit;
  if (signal) init.signal = signal;
  if (options.keepalive) init.keepalive = true;
  let response: Response;
  try {
    response = await fetch(addressOf(path, options.query), init);
  } catch {
    return { ok: false, problem: offlineProblem() };
  }
  if (!response.ok) return { ok: false, problem: await readProblem(response) };
  return readValue<T>(response);
}

async function readValue<T>(response: Response): Promise<Answer<T>> {
  if (response.status === 204) return { ok: true, value: null as T };
  try {
    return { ok: true, value: (await response.json()) as T };
  } catch {
    const problem = { status: response.status, code: codeUnreadable, title: '', detail: '' };
    return { ok: false, problem };
  }
}
