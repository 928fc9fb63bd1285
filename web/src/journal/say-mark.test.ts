// @vitest-environment jsdom
import { beforeAll, expect, test } from 'vitest';
import { staffWordsReady } from '../words/staff';
import { showLanguage } from '../words/words.svelte';
import type { StoredAs } from './safety';
import { sayMark } from './say-mark';

beforeAll(async () => {
  await staffWordsReady();
  await showLanguage('fr');
});

const stored = (more: Partial<StoredAs>): StoredAs => ({
  revision_id: 'r',
  copies: 2,
  machines: 1,
  where: 'same_machine',
  recorded_at: new Date().toISOString(),
  ...more,
});
const words = (stored_as: StoredAs) => sayMark({ kind: 'stored', stored_as })?.words ?? '';

test('two copies on one machine are never shown as two machines', () => {
  expect(words(stored({}))).toMatch(/^enregistré · 2 copies, même machine · \d\d:\d\d:\d\d$/);
  expect(words(stored({ where: 'same_disk' }))).toContain('même disque');
  expect(words(stored({ where: 'two_machines', machines: 2 }))).toContain('2 copies sur 2 machines');
});

test('one copy has its own sign and says nothing of machines', () => {
  const one = sayMark({ kind: 'stored', stored_as: stored({ copies: 1, where: 'same_disk' }) });
  expect(one?.sign).toBe('◐');
  expect(one?.words).toMatch(/^enregistré · 1 copie · /);
});

test('a text read from the server claims no number of copies', () => {
  const read = sayMark({ kind: 'stored', stored_as: stored({ copies: 0, where: null }) });
  expect(read?.sign).toBe('✓');
  expect(read?.words).not.toContain('copie');
});

test('every state but the empty one has words and a sign of its own kind', () => {
  expect(sayMark({ kind: 'empty' })).toBeNull();
  expect(sayMark({ kind: 'writing' })?.sign).toBe('○');
  expect(sayMark({ kind: 'on_device', late: true })?.words).toBe('sur cet appareil');
  for (const kind of ['different', 'only_here'] as const) expect(sayMark({ kind })?.sign).toBe('▲');
  expect(sayMark({ kind: 'two_heads', count: 3 })?.words).toBe('3 versions — voir');
});
