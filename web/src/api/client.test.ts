// The client turns every outcome into a value, and repeats only what may be repeated.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { addressOf, api, newKey } from './client';
import { connection } from './connection.svelte';
import { fieldErrors } from './problem';

const asked = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();
const json = (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(body), { status, headers });
const sent = (call: number) => new Headers(asked.mock.calls[call]![1].headers);

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('fetch', asked);
  asked.mockReset();
  connection.note('reached');
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function settled<T>(promise: Promise<T>): Promise<T> {
  await vi.runAllTimersAsync();
  return promise;
}

describe('an answer', () => {
  test('is the value of the body', async () => {
    asked.mockResolvedValue(json({ items: [1] }));
    expect(await api.get('/places')).toEqual({ ok: true, value: { items: [1] } });
  });
  test('without a body is null', async () => {
    asked.mockResolvedValue(new Response(null, { status: 204 }));
    expect(await api.del('/session')).toEqual({ ok: true, value: null });
  });
  test('that cannot be read is a problem', async () => {
    asked.mockResolvedValue(new Response('<html>', { status: 200 }));
    expect(await api.get('/session')).toMatchObject({ ok: false, problem: { code: 'unreadable_answer' } });
  });
});

describe('a refusal', () => {
  test('keeps its code, its sentence, its fields and its extra members', async () => {
    const body = {
      code: 'slot_taken',
      title: 'Prise',
      detail: 'Voici les plus proches.',
      request_id: 'r1',
      nearest: ['2026-11-26T14:20:00+01:00'],
      errors: [{ path: '/address/city', code: 'too_long', detail: 'Trop long.', limit: 80 }],
    };
    asked.mockResolvedValue(json(body, 409));
    const answer = await api.post('/appointments', { key: 'k' });
    expect(answer).toMatchObject({ ok: false, problem: { status: 409, ...body } });
    if (!answer.ok) expect(fieldErrors(answer.problem)).toEqual({ 'address.city': 'Trop long.' });
    expect(asked).toHaveBeenCalledTimes(1);
  });
  test('says when to come back', async () => {
    asked.mockResolvedValue(json({ code: 'too_many_attempts' }, 429, { 'Retry-After': '30' }));
    expect(await api.post('/sessions')).toMatchObject({ problem: { retry_after_s: 30 } });
  });
  test('that is a proxy’s page still has a code', async () => {
    asked.mockResolvedValue(new Response('<html>Bad gateway', { status: 502 }));
    expect(await api.get('/session')).toMatchObject({ problem: { status: 502, code: 'unreadable_answer' } });
  });
});

describe('no answer', () => {
  test('to a question is asked twice more, then a problem', async () => {
    asked.mockRejectedValue(new TypeError('network'));
    expect(await settled(api.get('/session'))).toMatchObject({ ok: false, problem: { status: 0, code: 'offline' } });
    expect(asked).toHaveBeenCalledTimes(3);
    expect(connection.reach).toBe('offline');
  });
  test('to a write with a key is repeated with the same key and body', async () => {
    asked.mockRejectedValueOnce(new TypeError('network')).mockResolvedValueOnce(json({ appointment_id: 'a' }, 201));
    const answer = await settled(api.post('/appointments', { body: { known: true } as never, key: 'k1' }));
    expect(answer.ok).toBe(true);
    expect([sent(0).get('Idempotency-Key'), sent(1).get('Idempotency-Key')]).toEqual(['k1', 'k1']);
    expect(asked.mock.calls[1]![1].body).toBe(asked.mock.calls[0]![1].body);
  });
  test('to a write without a key is not repeated', async () => {
    asked.mockRejectedValue(new TypeError('network'));
    expect(await settled(api.post('/sessions'))).toMatchObject({ problem: { code: 'offline' } });
    expect(asked).toHaveBeenCalledTimes(1);
  });
  test('from a service that restarts is waited for, and the bar goes when it is back', async () => {
    asked.mockResolvedValueOnce(json({ code: 'unavailable' }, 503, { 'Retry-After': '2' })).mockResolvedValueOnce(json({}));
    expect((await settled(api.get('/session'))).ok).toBe(true);
    expect(connection.reach).toBe('reached');
  });
  test('from a service that is away for long is told at once', async () => {
    asked.mockResolvedValue(json({ code: 'unavailable' }, 503, { 'Retry-After': '60' }));
    expect(await settled(api.get('/session'))).toMatchObject({ problem: { code: 'unavailable', retry_after_s: 60 } });
    expect(asked).toHaveBeenCalledTimes(1);
    expect(connection.reach).toBe('unavailable');
  });
  test('because the question was given up says nothing of the connection', async () => {
    const abort = new AbortController();
    asked.mockImplementation(() => {
      abort.abort();
      return Promise.reject(new DOMException('aborted', 'AbortError'));
    });
    expect((await api.get('/places', { signal: abort.signal })).ok).toBe(false);
    expect([asked.mock.calls.length, connection.reach]).toEqual([1, 'reached']);
  });
});

test('every unsafe call says that it speaks JSON, every call in which language', async () => {
  asked.mockImplementation(async () => json({}));
  await api.post('/holds', { body: { known: false } as never });
  await api.del('/session');
  await api.get('/session');
  expect([0, 1, 2].map((call) => sent(call).get('Content-Type'))).toEqual(['application/json', 'application/json', null]);
  expect(sent(2).get('Accept-Language')).toBe('fr');
});

test('an address leaves out what is empty and keeps what is false or zero', () => {
  expect(addressOf('/practitioners', { name: '', known: false, offset: 0, place: undefined })).toBe(
    '/api/v1/practitioners?known=false&offset=0',
  );
});

test('a key is a UUID of version 4 even where the browser has no randomUUID', () => {
  const pattern = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  expect(newKey()).toMatch(pattern);
  vi.stubGlobal('crypto', { getRandomValues: crypto.getRandomValues.bind(crypto) });
  expect(newKey()).toMatch(pattern);
});
