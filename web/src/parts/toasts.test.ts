// An act that waits happens exactly once, or not at all when it is taken back.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { toasts } from './toasts.svelte';

beforeEach(() => vi.useFakeTimers());
afterEach(() => {
  toasts.finishAll();
  vi.useRealTimers();
});

test('a waiting act happens once its time is over', () => {
  const run = vi.fn();
  toasts.later('soon', 'keep', run);
  vi.advanceTimersByTime(7900);
  expect([run.mock.calls.length, toasts.items.length]).toEqual([0, 1]);
  vi.advanceTimersByTime(200);
  expect([run.mock.calls.length, toasts.items.length]).toEqual([1, 0]);
  toasts.finishAll();
  expect(run).toHaveBeenCalledTimes(1);
});

test('an act that is taken back never happens', () => {
  const [run, undone] = [vi.fn(), vi.fn()];
  toasts.later('soon', 'keep', run, undone);
  toasts.items[0]!.act!.run();
  vi.advanceTimersByTime(20_000);
  expect([run.mock.calls.length, undone.mock.calls.length]).toEqual([0, 1]);
});

test('closing the page does at once what was announced', () => {
  const run = vi.fn();
  toasts.later('soon', 'keep', run);
  window.dispatchEvent(new Event('pagehide'));
  expect(run).toHaveBeenCalledTimes(1);
});
