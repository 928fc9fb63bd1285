// The way through the four steps, and the key that makes booking twice the same as booking once.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Practitioner, Session } from '../../api/types';
import { session } from '../../app/session.svelte';
import { go } from '../../navigation.svelte';
import { Booking } from './booking.svelte';

const at = '2026-11-26T14:00:00+01:00';
const motive = (motive_id: string, admits: string) => ({ motive_id, admits, label: motive_id });
const practitioner = {
  practitioner_id: 'p',
  agendas: [{ agenda_id: 'a', motives: [motive('both', 'both'), motive('known', 'known')], site: {} }],
} as unknown as Practitioner;
const asked = vi.fn<(url: string, init: RequestInit) => Promise<Response>>();
const keys = () => asked.mock.calls.map(([, init]) => new Headers(init.headers).get('Idempotency-Key'));
const refuse = (code: string, status: number) => new Response(JSON.stringify({ code }), { status });

function begun(query: string): Booking {
  go(`/booking?practitioner=p&agenda=a&${query}`);
  const booking = new Booking();
  booking.practitioner = practitioner;
  return booking;
}

beforeEach(() => {
  window.scrollTo = vi.fn() as unknown as typeof window.scrollTo;
  vi.stubGlobal('fetch', asked);
  asked.mockReset();
  session.value = { signed_in: true, locked: false } as Session;
});
afterEach(() => vi.unstubAllGlobals());

test('the first step without an answer is the one that is open', () => {
  const booking = begun(`motive=both&at=${encodeURIComponent(at)}`);
  expect(booking.current).toBe('motive');
  booking.choose({ known: 'false' });
  expect(booking.current).toBe('person');
  booking.choosePerson('me', 'Louise Martin');
  expect(booking.current).toBe('confirm');
  booking.reopened = 'time';
  expect(booking.current).toBe('time');
});

test('a motive that the answer rules out is not chosen any more', () => {
  const booking = begun(`motive=known&known=true&at=${encodeURIComponent(at)}`);
  expect(booking.motive?.motive_id).toBe('known');
  booking.choose({ known: 'false' });
  expect([booking.motive, booking.current]).toEqual([null, 'motive']);
});

test('a time that is none is no answer', () => {
  expect(begun('motive=both&known=false&at=demain').at).toBe('');
});

test('repeating a booking whose answer was lost repeats its key; another wish has another', async () => {
  const booking = begun(`motive=both&known=false&at=${encodeURIComponent(at)}`);
  asked.mockImplementation(async () => refuse('unreadable_answer', 500));
  await booking.confirm();
  await booking.confirm();
  booking.note = 'Une question de plus';
  await booking.confirm();
  const [first, second, third] = keys();
  expect(second).toBe(first);
  expect(third).not.toBe(first);
});

test('a key that was used for something else is replaced', async () => {
  const booking = begun(`motive=both&known=false&at=${encodeURIComponent(at)}`);
  asked.mockImplementation(async () => refuse('key_reused', 422));
  await booking.confirm();
  await booking.confirm();
  expect(new Set(keys()).size).toBe(2);
});

test('a session that ended asks for the person again and keeps what was written', async () => {
  const booking = begun(`motive=both&known=false&at=${encodeURIComponent(at)}`);
  booking.choosePerson('me', 'Louise Martin');
  booking.note = 'Avec ma fille';
  asked.mockImplementation(async () => refuse('not_signed_in', 401));
  await booking.confirm();
  expect([booking.current, booking.note]).toEqual(['person', 'Avec ma fille']);
});
