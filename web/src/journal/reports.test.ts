// Reports and recovery over a real IndexedDB interface: what the server says it lost goes out again as a new revision.
import 'fake-indexeddb/auto';
import { webcrypto } from 'node:crypto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PageJournal } from './page';
import { Reporter, type Recovered, type Report } from './reports';
import { TestJournal, TestServer } from './saver.world';
import type { Subject } from './types';
import { importReleased } from './vault';

const subject: Subject = { practice_id: 'p1', kind: 'consultation', id: 'c1' };
let server: TestServer;
let page: PageJournal;
let reports: { practice_id: string; report: Report; closing: boolean }[];
let lost: string[];
let told: Recovered[];
let reporter: Reporter;

beforeEach(async () => {
  indexedDB = new IDBFactory();
  const journal = new TestJournal();
  journal.broken = true;
  server = new TestServer(journal);
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('crypto', webcrypto);
  Object.defineProperty(navigator, 'locks', { value: undefined, configurable: true });
  Object.defineProperty(navigator, 'storage', {
    value: { persisted: async () => false, persist: async () => true, estimate: async () => ({}), getDirectory: async () => ({}) },
    configurable: true,
  });
  const key = new Uint8Array(32);
  page = await PageJournal.open('anne', server.transport, () => importReleased(key, key));
  reports = [];
  lost = [];
  told = [];
  const send = async (practice_id: string, report: Report, closing: boolean) => {
    reports.push({ practice_id, report, closing });
    return { compared: report.revisions.length, missing: lost, different: [], incident_id: null };
  };
  reporter = new Reporter(page, send, (recovered) => (told = recovered));
});
afterEach(() => {
  page.close();
  vi.unstubAllGlobals();
});

const until = (condition: () => boolean) => vi.waitFor(() => expect(condition()).toBe(true), { timeout: 8_000 });
async function write(text: string): Promise<string> {
  page.saver(subject).type('motif', text);
  await until(() => page.saver(subject).mark('motif').kind === 'stored');
  return server.revisions('motif').at(-1)!.revision_id;
}

test('a report names what was acknowledged, with its digest, and no word of it', async () => {
  const id = await write('séropositif');
  await reporter.report();
  expect(reports).toHaveLength(1);
  expect(reports[0]).toMatchObject({ practice_id: 'p1', closing: false });
  expect(reports[0]!.report.revisions).toEqual([{ revision_id: id, digest: server.revisions('motif')[0]!.digest }]);
  expect(JSON.stringify(reports)).not.toContain('positif');
  expect(told).toEqual([]);
});

test('a page that closes reports at once what was acknowledged since the last report', async () => {
  await write('a');
  await reporter.report();
  const id = await write('ab');
  reporter.start();
  reporter.stop();
  expect(reports.at(-1)).toMatchObject({ closing: true });
  expect(reports.at(-1)!.report.revisions.map((one) => one.revision_id)).toEqual([id]);
});

test('what the server lost goes out again upon what it kept, is told, and is not reported as held any more', async () => {
  const first = await write('Toux');
  const second = await write('Toux depuis 3 j');
  server.lose_revision(second);
  lost = [second];
  await reporter.report();
  expect(told).toMatchObject([{ sent: true, lost: { revisions: [second] } }]);
  await until(() => server.texts('motif').at(-1) === 'Toux depuis 3 j');
  expect(server.revisions('motif').at(-1)!.bases.map((base) => base.revision_id)).toEqual([first]);
  expect(server.heads('motif')).toHaveLength(1);
  // The mark was « stored » all along: the receipt of what was sent again is what has to come.
  const again = server.revisions('motif').at(-1)!.revision_id;
  await vi.waitFor(async () => expect((await page.acknowledged()).map((one) => one.revision_id)).toContain(again), { timeout: 8_000 });
  lost = [];
  await reporter.report();
  const reported = reports.at(-1)!.report.revisions.map((one) => one.revision_id);
  expect(reported).not.toContain(second);
  expect(reported).toContain(again);
});

test('a lost text goes beside what somebody wrote meanwhile, never over it', async () => {
  const first = await write('Toux');
  const second = await write('Toux depuis 3 j');
  server.lose_revision(second);
  const foreign = server.foreignHead('motif', 'Toux sèche');
  server.revisions('motif').find((one) => one.revision_id === foreign.revision_id)!.bases.push({ revision_id: first, digest: '' });
  lost = [second];
  await reporter.report();
  await until(() => server.heads('motif').length === 2);
  expect(server.heads('motif').map((head) => head.text).sort()).toEqual(['Toux depuis 3 j', 'Toux sèche']);
  await until(() => page.saver(subject).mark('motif').kind === 'two_heads');
});
