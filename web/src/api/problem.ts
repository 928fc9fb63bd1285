// A refusal as a value: what the server sends as problem details (RFC 9457), or what the client says
// when no answer came. Nothing here throws, and nothing here speaks to the network.

export interface FieldError {
  /** A JSON pointer into the request, such as `/email`. */
  path: string;
  code: string;
  detail: string;
  limit?: number;
}

export interface Problem {
  /** 0 when no answer came. */
  status: number;
  code: string;
  title: string;
  detail: string;
  request_id?: string;
  errors?: FieldError[];
  /** From Retry-After, in seconds. */
  retry_after_s?: number;
  /** slot_taken: free times close to the one asked for. */
  nearest?: string[];
  /** already_booked: the appointment that stands. */
  appointment_id?: string;
  /** stale: the version that stands now. */
  version?: number;
  [extra: string]: unknown;
}

export type Answer<T> = { ok: true; value: T } | { ok: false; problem: Problem };

/** No answer at all: the network is away, or the connection broke. The outcome of a write is unknown. */
export const codeOffline = 'offline';
/** An answer that is not of this contract, such as a proxy's page. */
export const codeUnreadable = 'unreadable_answer';

export function offlineProblem(): Problem {
  return { status: 0, code: codeOffline, title: '', detail: '' };
}

/** Reads a refused response. A body that is no problem document still gives one, by status. */
export async function readProblem(response: Response): Promise<Problem> {
  const body = await readObject(response);
  const retry = Number(response.headers.get('Retry-After'));
  const text = (name: string) => (typeof body[name] === 'string' ? (body[name] as string) : '');
  const problem: Problem = {
    ...body,
    status: response.status,
    code: text('code') || (response.status === 503 ? 'unavailable' : codeUnreadable),
    title: text('title'),
    detail: text('detail'),
  };
  if (retry > 0) problem.retry_after_s = retry;
  return problem;
}

async function readObject(response: Response): Promise<Record<string, unknown>> {
  try {
    const body: unknown = await response.json();
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The detail of each refused field by its name: `/address/city` becomes `address.city`. */
export function fieldErrors(problem: Problem | null | undefined): Record<string, string> {
  const found: Record<string, string> = {};
  for (const error of problem?.errors ?? []) {
    found[error.path.replace(/^\//, '').replaceAll('/', '.')] ??= error.detail;
  }
  return found;
}
