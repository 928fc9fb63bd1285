// A page's journal over a real IndexedDB interface: pages that die, pages that live, people who switch.
import 'fake-indexeddb/auto';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PageJournal } from './page';
import { standInBrowser, TestJournal, TestServer } from './saver.world';
import type { Journal } from './store';
import type { Subject, TextField } from './types';

const subject: Subject = { practice_id: 'p1', kind: 'consultation', id: 'c1' };
let server: TestServer;
let pages: PageJournal[];

beforeEach(() => {
  indexedDB = new IDBFactory();
  const journal = new TestJournal();
  journal.broken = true; // The server's own check of the journal belongs to the saver's tests.
  server = new TestServer(journal);
  pages = [];
  standInBrowser();
});
afterEach(() => {
  pages.forEach((page) => page.close());
  vi.unstubAllGlobals();
});

async function open(account = 'anne'): Promise<PageJournal> {
  const page = await PageJournal.open(account, server.transport);
  pages.push(page);
  return page;
}
const until = (condition: () => boolean) => vi.waitFor(() => expect(condition()).toBe(true), { timeout: 8_000 });
const marked = (page: PageJournal) => page.saver(subject).mark('motif').kind;

test('what a page left unsent is sent by the next one without anybody asking', async () => {
  server.lose = 'requests';
  const first = await open();
  first.saver(subject).type('motif', 'Toux depuis 3 jours');
  await until(() => marked(first) === 'on_device');
  first.close();
  server.lose = 'nothing';
  const second = await open();
  expect(second.saver(subject).text('motif')).toBe('Toux depuis 3 jours');
  await until(() => marked(second) === 'stored');
  expect(server.texts('motif')).toEqual(['Toux depuis 3 jours']);
  expect((await second.history(subject)).map((entry) => entry.text)).toEqual(['Toux depuis 3 jours']);
}, 20_000);

test('a page that lives keeps what it writes; a second one takes nothing from it', async () => {
  server.lose = 'requests';
  const first = await open();
  first.saver(subject).type('motif', 'mine');
  await until(() => marked(first) === 'on_device');
  const second = await open();
  expect(second.saver(subject).unstored()).toEqual([]);
}, 20_000);

test('what a page leaves while another is open is taken over at once, and shown where nothing else was written', async () => {
  const second = await open();
  server.lose = 'requests';
  const first = await open();
  first.saver(subject).type('motif', 'Toux');
  await until(() => marked(first) === 'on_device');
  const third = await open();
  first.close();
  server.lose = 'nothing';
  await until(() => marked(third) === 'stored' || marked(second) === 'stored');
  expect(server.texts('motif')).toEqual(['Toux']);
}, 20_000);

test('what a page leaves goes beside the words of a page that wrote the same field, never over them', async () => {
  server.lose = 'requests';
  const first = await open();
  const second = await open();
  first.saver(subject).type('motif', 'of the first');
  second.saver(subject).type('motif', 'of the second');
  await until(() => marked(first) === 'on_device' && marked(second) === 'on_device');
  first.close();
  await new Promise((done) => setTimeout(done, 100));
  expect(second.saver(subject).text('motif')).toBe('of the second');
  server.lose = 'nothing';
  second.wake();
  await until(() => marked(second) === 'two_heads');
  expect(server.heads('motif').map((head) => head.text).sort()).toEqual(['of the first', 'of the second']);
  // What is typed from now on is no version of the other text.
  second.saver(subject).type('motif', 'of the second, longer');
  await until(() => server.texts('motif').includes('of the second, longer'));
  expect(server.heads('motif').map((head) => head.text).sort()).toEqual(['of the first', 'of the second, longer']);
}, 20_000);

test('another person at the same desk neither sees nor sends the text; its author does on return', async () => {
  server.lose = 'requests';
  const anne = await open('anne');
  anne.saver(subject).type('motif', 'of Anne');
  await until(() => marked(anne) === 'on_device');
  anne.close();
  server.lose = 'nothing';
  server.requests.length = 0;
  const marc = await open('marc');
  expect(marc.saver(subject).text('motif')).toBe('');
  marc.saver(subject).type('motif', 'of Marc');
  await until(() => marked(marc) === 'stored');
  expect(server.texts('motif')).toEqual(['of Marc']);
  marc.close();
  const again = await open('anne');
  await until(() => again.saver(subject).safety('motif').stored > 0);
  expect(server.texts('motif')).toEqual(['of Marc', 'of Anne']);
}, 20_000);

test('a browser that refuses storage is told before the first word, and writing goes on', async () => {
  vi.spyOn(IDBFactory.prototype, 'open').mockImplementation(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  const page = await open();
  vi.restoreAllMocks();
  expect(page.verdict.kind).toBe('denied');
  page.saver(subject).type('motif', 'a');
  await until(() => marked(page) === 'only_here');
  expect(page.onlyInMemory()).toBe(true);
  await until(() => marked(page) === 'stored');
}, 20_000);

test('a clock that is years off changes neither what is kept nor in which order it goes', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2099-01-01T00:00:00Z') });
  server.lose = 'requests';
  const first = await open();
  first.saver(subject).type('motif', 'typed in 2099');
  await until(() => marked(first) === 'on_device');
  first.close();
  vi.setSystemTime(new Date('1999-01-01T00:00:00Z'));
  const second = await open();
  expect(second.saver(subject).text('motif')).toBe('typed in 2099');
  second.saver(subject).type('motif', 'typed in 2099, then in 1999');
  await until(() => marked(second) === 'on_device');
  server.lose = 'nothing';
  second.wake();
  await until(() => marked(second) === 'stored');
  expect(server.texts('motif').at(-1)).toBe('typed in 2099, then in 1999');
  expect(server.heads('motif')).toHaveLength(1);
  vi.useRealTimers();
}, 20_000);

/** A page that ended with this text unsent. */
async function leaves(text: string, field: TextField = 'motif'): Promise<void> {
  server.lose = 'requests';
  const page = await open();
  page.saver(subject).type(field, text);
  await until(() => page.saver(subject).mark(field).kind === 'on_device');
  page.close();
}
const shown = (page: PageJournal, field = 'motif') => [page.saver(subject).text(field), page.saver(subject).mark(field).kind];

test('a screen shows what another page holds, and has it when somebody wants to write there', async () => {
  await leaves('left behind');
  const second = await open();
  const third = await open();
  await third.gather(subject);
  expect(shown(third)).toEqual(['left behind', 'elsewhere']);
  expect(shown(second)).toEqual(['left behind', 'on_device']);
  await third.claim(subject, 'motif');
  expect(shown(third)).toEqual(['left behind', 'on_device']);
  expect(shown(second)).toEqual(['left behind', 'elsewhere']);
  third.saver(subject).type('motif', 'left behind, and gone on');
  // Back on the second: what was typed on the third a moment ago goes along.
  await second.claim(subject, 'motif');
  expect(shown(second)).toEqual(['left behind, and gone on', 'on_device']);
  second.saver(subject).type('motif', 'left behind, and gone on, to the end');
  server.lose = 'nothing';
  second.wake();
  await until(() => marked(second) === 'stored');
  expect(server.heads('motif').map((head) => head.text)).toEqual(['left behind, and gone on, to the end']);
}, 20_000);

test('going into a field fetches what another page has written in it since', async () => {
  const [one, two] = await Promise.all([open(), open()]);
  await Promise.all([one!.gather(subject), two!.gather(subject)]);
  server.lose = 'requests';
  one!.saver(subject).type('motif', 'Toux');
  await until(() => marked(one!) === 'on_device');
  await two!.enter(subject, 'motif');
  expect(shown(two!)).toEqual(['Toux', 'on_device']);
  server.lose = 'nothing';
  two!.wake();
  await until(() => marked(two!) === 'stored');
  await one!.gather(subject);
  one!.saver(subject).load('motif', server.heads('motif'));
  two!.saver(subject).type('motif', 'Toux grasse');
  await until(() => server.texts('motif').length === 2 && marked(two!) === 'stored');
  await until(() => one!.saver(subject).behind);
  const { rereads } = one!.saver(subject);
  await one!.enter(subject, 'motif');
  expect(one!.saver(subject).rereads).toBe(rereads + 1);
}, 20_000);

test('two pages that come back together each write on in their own fields, without a server', async () => {
  await leaves('Toux');
  await leaves('Râles', 'examen');
  const pages = await Promise.all([open(), open()]);
  const [one, two] = pages;
  await Promise.all(pages.map((page) => page.gather(subject)));
  await Promise.all([one!.claim(subject, 'motif'), two!.claim(subject, 'examen')]);
  one!.saver(subject).type('motif', 'Toux depuis 3 jours');
  two!.saver(subject).type('examen', 'Râles à droite');
  await until(() => pages.every((page) => page.saver(subject).unstored().every((field) => page.saver(subject).mark(field).kind === 'on_device')));
  server.lose = 'nothing';
  pages.forEach((page) => page.wake());
  await until(() => marked(one!) === 'stored' && two!.saver(subject).mark('examen').kind === 'stored');
  expect(server.heads('motif').map((head) => head.text)).toEqual(['Toux depuis 3 jours']);
  expect(server.heads('examen').map((head) => head.text)).toEqual(['Râles à droite']);
}, 20_000);

test('what another page inherits just after it was asked goes on to the page that asked', async () => {
  const second = await open();
  server.lose = 'requests';
  const first = await open();
  first.saver(subject).type('motif', 'left behind');
  await until(() => marked(first) === 'on_device');
  await (second as unknown as { watch(): Promise<void> }).watch();
  // The first page answers nothing any more, but still holds its lock while the third asks: it is just being closed.
  (first as unknown as { channel: BroadcastChannel }).channel.close();
  const third = await open();
  await third.gather(subject);
  const claimed = third.claim(subject, 'motif');
  await new Promise((done) => setTimeout(done, 100));
  first.close();
  await claimed;
  expect(shown(third)).toEqual(['left behind', 'on_device']);
  third.saver(subject).type('motif', 'left behind, and gone on');
  server.lose = 'nothing';
  third.wake();
  await until(() => marked(third) === 'stored');
  expect(server.heads('motif').map((head) => head.text)).toEqual(['left behind, and gone on']);
}, 20_000);

test('once the other page has stored what it held, the server is read again and the field is written here', async () => {
  await leaves('left behind');
  const second = await open();
  const third = await open();
  await third.gather(subject);
  const { rereads } = third.saver(subject);
  server.lose = 'nothing';
  second.wake();
  await until(() => marked(second) === 'stored');
  await until(() => third.saver(subject).rereads > rereads);
  // An answer of before is not shown in the place of what is newer.
  third.saver(subject).load('motif', []);
  expect(shown(third)).toEqual(['left behind', 'elsewhere']);
  await third.gather(subject);
  third.saver(subject).load('motif', server.heads('motif'));
  expect(shown(third)).toEqual(['left behind', 'stored']);
  third.saver(subject).type('motif', 'left behind, and gone on');
  await until(() => marked(third) === 'stored');
  expect(server.heads('motif').map((head) => head.text)).toEqual(['left behind, and gone on']);
}, 20_000);

test('what is typed while the field is being handed over is written down all the same', async () => {
  server.lose = 'requests';
  const first = await open();
  first.saver(subject).type('motif', 'one');
  await until(() => marked(first) === 'on_device');
  const second = await open();
  await second.gather(subject);
  const claimed = second.claim(subject, 'motif');
  const typed = ['one', 'one two', 'one two three', 'one two three four'];
  for (const text of typed) {
    first.saver(subject).type('motif', text);
    await new Promise((done) => setTimeout(done, 1));
  }
  await claimed;
  second.saver(subject).type('motif', `${second.saver(subject).text('motif')} and here`);
  server.lose = 'nothing';
  first.wake();
  second.wake();
  await until(() => [first, second].every((page) => page.saver(subject).unstored().length === 0));
  const heads = server.heads('motif').map((head) => head.text);
  expect(heads.filter((text) => text.endsWith(' and here'))).toHaveLength(1);
  expect(heads.some((text) => text.startsWith(typed.at(-1)!))).toBe(true);
}, 20_000);

test('a field that the device cannot hand over stays where it is, and is sent from there', async () => {
  await leaves('left behind');
  const second = await open();
  const third = await open();
  await third.gather(subject);
  const { journal } = second as unknown as { journal: Journal };
  vi.spyOn(journal, 'hand').mockRejectedValueOnce(new Error('quota'));
  await third.claim(subject, 'motif');
  expect(shown(second)).toEqual(['left behind', 'on_device']);
  server.lose = 'nothing';
  second.wake();
  await until(() => marked(second) === 'stored');
  expect(server.heads('motif').map((head) => head.text)).toEqual(['left behind']);
}, 20_000);

test('a page that is asleep keeps nobody from writing: both texts stay', async () => {
  server.lose = 'requests';
  const first = await open();
  first.saver(subject).type('motif', 'typed and not sent');
  await until(() => marked(first) === 'on_device');
  (first as unknown as { channel: BroadcastChannel }).channel.close();
  const second = await open();
  await second.gather(subject);
  expect(shown(second)).toEqual(['typed and not sent', 'elsewhere']);
  await second.claim(subject, 'motif');
  await second.gather(subject);
  second.saver(subject).load('motif', []);
  second.saver(subject).type('motif', 'typed here');
  server.lose = 'nothing';
  first.wake();
  second.wake();
  await until(() => server.heads('motif').length === 2);
  expect(server.heads('motif').map((head) => head.text).sort()).toEqual(['typed and not sent', 'typed here']);
}, 20_000);

test('over an insecure origin nothing is promised', async () => {
  vi.stubGlobal('isSecureContext', false);
  expect((await open()).verdict.kind).toBe('insecure_origin');
});
