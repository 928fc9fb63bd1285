// A kept time: asked for once, counted down, given back when another is chosen, found again after a reload.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HoldKeeper } from './hold.svelte';

const wish = { agenda_id: 'a', motive_id: 'm', starts_at: '2026-11-26T14:00:00+01:00', known: false };
const other = { ...wish, starts_at: '2026-11-26T14:20:00+01:00' };
const asked = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();
const sent = () => asked.mock.calls.map(([url, init]) => `${init.method} ${url.replace('/api/v1', '')}`);
let made = 0;

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-25T10:00:00Z') });
  vi.stubGlobal('fetch', asked);
  localStorage.clear();
  made = 0;
  asked.mockReset().mockImplementation(async (_, init) => {
    if (init.method === 'DELETE') return new Response(null, { status: 204 });
    const expires_at = new Date(Date.now() + 300_000).toISOString();
    const hold = { hold_id: `h${++made}`, hold_token: 't', expires_at, starts_at: wish.starts_at, ends_at: wish.starts_at };
    return new Response(JSON.stringify(hold), { status: 201 });
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('the same time is asked for once, another one gives the first back', async () => {
  const keeper = new HoldKeeper();
  await keeper.keep(wish);
  await keeper.keep(wish);
  await keeper.keep(other);
  expect(sent()).toEqual(['POST /holds', 'DELETE /holds/h1', 'POST /holds']);
  expect([keeper.hold?.hold_id, keeper.leftS]).toEqual(['h2', 300]);
});

test('saying that one is known does not let the time go', async () => {
  const keeper = new HoldKeeper();
  await keeper.keep(wish);
  await keeper.keep({ ...wish, known: true });
  expect(sent()).toEqual(['POST /holds']);
});

test('it lasts longer when the server grants it, and ends as before when not', async () => {
  const keeper = new HoldKeeper();
  await keeper.keep(wish);
  const longer = new Date(Date.now() + 900_000).toISOString();
  asked.mockResolvedValueOnce(new Response(JSON.stringify({ expires_at: longer })));
  await keeper.extend();
  expect([keeper.leftS, sent()[1]]).toEqual([900, 'POST /holds/h1/extension']);
  asked.mockResolvedValueOnce(new Response(JSON.stringify({ code: 'hold_expired' }), { status: 409 }));
  await keeper.extend();
  expect([keeper.leftS, keeper.hold?.hold_id]).toEqual([900, 'h1']);
});

test('it counts down, and says when it ended', async () => {
  const keeper = new HoldKeeper();
  await keeper.keep(wish);
  vi.advanceTimersByTime(60_000);
  expect([keeper.leftS, keeper.expired]).toEqual([240, false]);
  vi.advanceTimersByTime(241_000);
  expect([keeper.hold, keeper.leftS, keeper.expired]).toEqual([null, 0, true]);
  await keeper.keep(wish);
  expect([keeper.hold?.hold_id, keeper.expired]).toEqual(['h2', false]);
});

test('a reload finds the same hold while it lasts', async () => {
  const before = new HoldKeeper();
  await before.keep(wish);
  before.stop();
  const after = new HoldKeeper();
  await after.keep(wish);
  expect([after.hold?.hold_id, sent().length]).toEqual(['h1', 1]);
});

test('an answer that comes after another choice is given back', async () => {
  const keeper = new HoldKeeper();
  const late = keeper.keep(wish);
  await keeper.keep(other);
  await late;
  expect(keeper.hold?.hold_id).toBe('h2');
  expect(sent().filter((each) => each.startsWith('DELETE'))).toEqual(['DELETE /holds/h1']);
});

test('a refusal is kept as what it is', async () => {
  asked.mockResolvedValue(new Response(JSON.stringify({ code: 'hold_limit', detail: 'x' }), { status: 429 }));
  const keeper = new HoldKeeper();
  await keeper.keep(wish);
  expect([keeper.problem?.code, keeper.hold]).toEqual(['hold_limit', null]);
});
