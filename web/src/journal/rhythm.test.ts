// @vitest-environment node
import { expect, test } from 'vitest';
import { dueAt, pauseAfter } from './rhythm';

const idle = { first_key_at: null, last_key_at: null, in_flight: false, not_before: null };

test('half a second after the last key', () => {
  expect(dueAt({ ...idle, first_key_at: 1_000, last_key_at: 1_000 })).toBe(1_500);
  expect(dueAt({ ...idle, first_key_at: 1_000, last_key_at: 1_900 })).toBe(2_400);
});

test('two seconds at most while typing goes on', () => {
  expect(dueAt({ ...idle, first_key_at: 1_000, last_key_at: 2_950 })).toBe(3_000);
});

test('never while a request is in flight, never when nothing waits', () => {
  expect(dueAt({ ...idle, first_key_at: 0, last_key_at: 0, in_flight: true })).toBeNull();
  expect(dueAt(idle)).toBeNull();
});

test('not before the pause after a failure has passed', () => {
  expect(dueAt({ ...idle, first_key_at: 0, last_key_at: 0, not_before: 9_000 })).toBe(9_000);
  expect(dueAt({ ...idle, first_key_at: 0, last_key_at: 9_000, not_before: 3 })).toBe(2_000);
});

test('pauses grow, stay under their limit for ever, and are spread', () => {
  for (let failures = 1; failures < 3_000; failures += 1) {
    expect(pauseAfter(failures, 0)).toBeGreaterThanOrEqual(500);
    expect(pauseAfter(failures, 0.999)).toBeLessThanOrEqual(30_000);
    expect(pauseAfter(failures + 1, 0.5)).toBeGreaterThanOrEqual(pauseAfter(failures, 0.5));
  }
  expect(pauseAfter(1, 0)).not.toBe(pauseAfter(1, 0.9));
});
