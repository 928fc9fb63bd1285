// Carries a batch to the server and sorts the answer into definite and unknown. Only a problem
// document of the server itself counts as a refusal: a proxy's or a hotel network's page does not.

import type { Answer, Receipt, RevisionRequest, Transport } from './types';

export const answer_ms_max = 15_000;
/** Browsers refuse larger bodies on a request that outlives its page. */
const keepalive_bytes_max = 60_000;

interface ProblemDocument {
  code?: unknown;
  detail?: unknown;
  title?: unknown;
}

/**
 * A transport for one author's words, which the server takes only while they hold the session: a colleague may have taken
 * the desk in another window a moment ago. Refusals are worded in the language. Never rejects.
 */
export function httpTransport(author: string, language: () => string, base = '/api/v1') {
  return async (practice: string, key: string, body: RevisionRequest): Promise<Answer> => {
    const text = JSON.stringify(body);
    try {
      const response = await fetch(`${base}/practices/${practice}/revisions`, {
        method: 'POST',
        body: text,
        credentials: 'same-origin',
        cache: 'no-store',
        keepalive: outlivesPage(text),
        signal: AbortSignal.timeout(answer_ms_max),
        headers: {
          'Content-Type': 'application/json',
          'Accept-Language': language(),
          'Idempotency-Key': key,
          'Manent-Author': author,
        },
      });
      return await answerOf(response);
    } catch {
      return { kind: 'unreachable' };
    }
  };
}

/**
 * A text leaves the device only while its author is the one signed in, as far as this window knows. That a colleague who
 * took over the desk does not become the author is the server's rule, which is asked by `Manent-Author`.
 */
export function onlyWhile(isAuthorPresent: () => boolean, send: Transport): Transport {
  return async (practice_id, key, body) =>
    isAuthorPresent() ? send(practice_id, key, body) : { kind: 'sign_in' };
}

/** Only a page on its way out needs it; the limit counts bytes, of which a character has up to 3. */
function outlivesPage(body: string): boolean {
  return document.visibilityState === 'hidden' && body.length < keepalive_bytes_max / 3;
}

/** Exported for its test. Rejects when the body cannot be read, which the caller takes as unknown. */
export async function answerOf(response: Response): Promise<Answer> {
  if (response.ok) {
    const receipt: unknown = await response.json();
    return isReceipt(receipt) ? { kind: 'receipt', receipt } : { kind: 'unreachable' };
  }
  const type = response.headers.get('content-type') ?? '';
  if (!type.startsWith('application/problem+json')) return { kind: 'unreachable' };
  const problem = (await response.json()) as ProblemDocument;
  const code = String(problem.code ?? 'unknown');
  const detail = String(problem.detail ?? problem.title ?? '');
  if (response.status === 401 || response.status === 423) return { kind: 'sign_in' };
  if (code === 'second_factor_required') return { kind: 'sign_in' };
  const passing = [408, 425, 429].includes(response.status) || response.status >= 500;
  if (!passing) return { kind: 'refused', refusal: { code, detail } };
  return { kind: 'wait', code, detail, after_ms: retryAfter(response) };
}

function retryAfter(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(seconds, 300) * 1_000 : null;
}

function isReceipt(value: unknown): value is Receipt {
  if (typeof value !== 'object' || value === null) return false;
  const receipt = value as Partial<Receipt>;
  return (
    typeof receipt.receipt_id === 'string' &&
    typeof receipt.copies === 'number' &&
    Array.isArray(receipt.fields) &&
    receipt.fields.every((field) => typeof field.digest === 'string' && Array.isArray(field.heads))
  );
}
