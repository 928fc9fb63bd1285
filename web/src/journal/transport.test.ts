// @vitest-environment node
import { expect, test } from 'vitest';
import { answerOf, onlyWhile } from './transport';
import type { RevisionRequest } from './types';

const problem = (status: number, code: string, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ code, detail: 'détail' }), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  });

test('a refusal of the server itself is definite', async () => {
  for (const [status, code] of [[400, 'invalid_request'], [403, 'forbidden'], [404, 'not_found'], [413, 'too_large'], [422, 'key_reused']] as const) {
    expect(await answerOf(problem(status, code))).toEqual({ kind: 'refused', refusal: { code, detail: 'détail' } });
  }
});

test('an ended or locked session waits for its person', async () => {
  expect(await answerOf(problem(401, 'not_signed_in'))).toEqual({ kind: 'sign_in' });
  expect(await answerOf(problem(423, 'locked'))).toEqual({ kind: 'sign_in' });
  expect(await answerOf(problem(403, 'second_factor_required'))).toEqual({ kind: 'sign_in' });
});

test('what passes by itself is tried again, not before the server asked', async () => {
  expect(await answerOf(problem(503, 'unavailable', { 'Retry-After': '7' }))).toMatchObject({ kind: 'wait', after_ms: 7_000 });
  expect(await answerOf(problem(507, 'disk_full'))).toMatchObject({ kind: 'wait', after_ms: null });
  expect(await answerOf(problem(429, 'too_many_attempts', { 'Retry-After': '99999' }))).toMatchObject({ after_ms: 300_000 });
});

test('pages of proxies and hotel networks decide nothing', async () => {
  const html = { headers: { 'Content-Type': 'text/html' } };
  expect(await answerOf(new Response('<p>404</p>', { status: 404, ...html }))).toEqual({ kind: 'unreachable' });
  expect(await answerOf(new Response('{"hello":1}', { status: 200 }))).toEqual({ kind: 'unreachable' });
  await expect(answerOf(new Response('<p>Wi-Fi</p>', { status: 200, ...html }))).rejects.toThrow();
});

test('nothing goes out while somebody else holds the session', async () => {
  let present = false;
  let sent = 0;
  const send = onlyWhile(() => present, () => {
    sent += 1;
    return Promise.resolve({ kind: 'unreachable' });
  });
  const body: RevisionRequest = { subject_kind: 'consultation', subject_id: 'c', device_id: 'd', fields: [] };
  expect(await send('p', 'k', body)).toEqual({ kind: 'sign_in' });
  expect(sent).toBe(0);
  present = true;
  expect(await send('p', 'k', body)).toEqual({ kind: 'unreachable' });
});

test('a receipt is one only with its copies and its fields', async () => {
  const receipt = { receipt_id: 'r', copies: 2, fields: [{ digest: 'd', heads: [] }] };
  expect(await answerOf(Response.json(receipt, { status: 201 }))).toMatchObject({ kind: 'receipt' });
  expect(await answerOf(Response.json({ ...receipt, copies: '2' }))).toEqual({ kind: 'unreachable' });
  expect(await answerOf(Response.json({ ...receipt, fields: [{ digest: 'd' }] }))).toEqual({ kind: 'unreachable' });
});
