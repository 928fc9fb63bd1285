import { expect, test } from 'vitest';
import { planRecovery } from './recovery';
import { chosen } from './reports';
import type { Acknowledged } from './schema';

const base = (revision_id: string) => ({ revision_id, digest: `digest of ${revision_id}` });

function receipt(revision_id: string, bases: string[], field = 'motif'): Acknowledged {
  return {
    ...base(revision_id),
    account: 'anne',
    subject: { practice_id: 'p1', kind: 'consultation', id: 'c1' },
    field,
    bases: bases.map(base),
    entry_id: `entry of ${revision_id}`,
    order: Number(revision_id.slice(1)),
    at: 0,
  };
}
const plan = (all: Acknowledged[], broken: string[]) =>
  planRecovery(all, new Set(broken)).map(({ receipt, bases, revisions }) => ({
    text: receipt.revision_id,
    upon: bases.map((one) => one.revision_id),
    for: revisions.sort(),
  }));

const line = [receipt('r1', []), receipt('r2', ['r1']), receipt('r3', ['r2']), receipt('r4', ['r3'])];

test('nothing is sent while nothing is lost, nor when a later text that stands holds the lost one', () => {
  expect(plan(line, [])).toEqual([]);
  expect(plan(line, ['r2', 'r3'])).toEqual([]);
});

test('what the server lost at the end goes again upon the newest that it kept, and names the digest of that', () => {
  expect(plan(line, ['r3', 'r4'])).toEqual([{ text: 'r4', upon: ['r2'], for: ['r3', 'r4'] }]);
  expect(planRecovery(line, new Set(['r4']))[0]?.bases).toEqual([base('r3')]);
});

test('a field of which everything was lost goes upon nothing', () => {
  expect(plan(line, ['r1', 'r2', 'r3', 'r4'])).toEqual([{ text: 'r4', upon: [], for: ['r1', 'r2', 'r3', 'r4'] }]);
});

test('a base that another device wrote is kept as base, and each line of writing goes by itself', () => {
  const two = [receipt('r1', ['elsewhere']), receipt('r2', ['r1']), receipt('r3', ['r1'])];
  expect(plan(two, ['r2', 'r3'])).toEqual([
    { text: 'r2', upon: ['r1'], for: ['r2'] },
    { text: 'r3', upon: ['r1'], for: ['r3'] },
  ]);
  expect(plan(two, ['r1', 'r2'])).toEqual([{ text: 'r2', upon: ['elsewhere'], for: ['r1', 'r2'] }]);
});

test('a merge that was lost names what both its sides stand upon', () => {
  const merged = [receipt('r1', []), receipt('r2', ['r1']), receipt('r3', ['r1']), receipt('r4', ['r2', 'r3'])];
  expect(plan(merged, ['r3', 'r4'])).toEqual([{ text: 'r4', upon: ['r1', 'r2'].sort(), for: ['r3', 'r4'] }].map((one) => ({ ...one, upon: expect.arrayContaining(one.upon) })));
});

test('a report holds a thousand at most: always the newest, and in time every older one', () => {
  const many = Array.from({ length: 2_600 }, (_, i) => receipt(`r${i}`, []));
  const seen = new Set<string>();
  for (let turn = 0; turn < 1; turn += 0.02) {
    const part = chosen(many, turn);
    expect(part).toHaveLength(1_000);
    expect(new Set(part).size).toBe(1_000);
    expect(part.at(-1)).toBe(many.at(-1));
    for (const one of [...part, ...chosen(many, 0.9999)]) seen.add(one.revision_id);
  }
  expect(seen.size).toBe(many.length);
  expect(chosen(many.slice(0, 3), 0.5)).toHaveLength(3);
});
