// @vitest-environment node
import { expect, test } from 'vitest';
import { sittingsOf, type StoredRevision } from './sittings';

function revision(id: string, author_name: string, time: string): StoredRevision {
  const recorded_at = `2026-11-24T${time}+01:00`;
  return {
    revision_id: id,
    author_name,
    recorded_at,
    typed_at: recorded_at,
    bases: [],
    text: id,
    digest: '',
    salt: '',
    addendum: false,
    copies: 2,
  };
}

test('a long pause ends a sitting, the newest comes first', () => {
  const sittings = sittingsOf([
    revision('1', 'Dr Lefèvre', '09:00:00'),
    revision('2', 'Dr Lefèvre', '09:14:59'),
    revision('3', 'Dr Lefèvre', '11:00:00'),
  ]);
  expect(sittings.map((sitting) => sitting.revisions.map((one) => one.revision_id))).toEqual([
    ['3'],
    ['1', '2'],
  ]);
});

test('two people writing at once have a sitting each', () => {
  const sittings = sittingsOf([
    revision('1', 'Dr Lefèvre', '09:00:00'),
    revision('2', 'Dr Roux', '09:01:00'),
    revision('3', 'Dr Lefèvre', '09:02:00'),
  ]);
  expect(sittings.map((sitting) => sitting.author_name)).toEqual(['Dr Lefèvre', 'Dr Roux']);
});

test('an addendum is a sitting of its own', () => {
  const late = { ...revision('2', 'Dr Lefèvre', '09:01:00'), addendum: true };
  expect(sittingsOf([revision('1', 'Dr Lefèvre', '09:00:00'), late]).map((one) => one.addendum)).toEqual([true, false]);
});

test('order is that of time, not of spelling, over the change to winter time', () => {
  const summer = { ...revision('1', 'A', '00:00:00'), recorded_at: '2026-10-25T02:50:00+02:00' };
  const winter = { ...revision('2', 'A', '00:00:00'), recorded_at: '2026-10-25T02:01:00+01:00' };
  expect(sittingsOf([winter, summer])[0]?.revisions.map((one) => one.revision_id)).toEqual(['1', '2']);
});
