// @vitest-environment node
// The saver against a server and a journal that misbehave in every way the design names.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SubjectSaver } from './saver';
import { TestJournal, TestServer, tick } from './saver.world';
import type { Subject } from './types';

// A slow machine is no failure: what is tested here is order, not speed.
vi.setConfig({ testTimeout: 30_000 });

const subject: Subject = { practice_id: 'p1', kind: 'consultation', id: 'c1' };
let journal: TestJournal;
let server: TestServer;
let orders = 0;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
  journal = new TestJournal();
  server = new TestServer(journal);
  orders = 0;
});
afterEach(() => vi.useRealTimers());

function open(writer = 'page'): SubjectSaver {
  return new SubjectSaver(subject, {
    journal,
    transport: server.transport,
    writer,
    nextOrder: () => (orders += 1),
    changed: () => undefined,
  });
}

/** As a page does after a reload: what is unsent in the journal is taken over. */
async function reopen(writer = 'page-2'): Promise<SubjectSaver> {
  const saver = open(writer);
  await saver.adopt(journal.unsent());
  return saver;
}

describe('rhythm', () => {
  test('nothing is sent before half a second of quiet, then one request with all fields', async () => {
    const saver = open();
    saver.type('motif', 'Toux');
    await tick(300);
    saver.type('examen', 'Crépitants');
    await tick(499);
    expect(server.requests).toHaveLength(0);
    await tick(100);
    expect(server.requests.map((one) => one.body.fields.map((field) => field.field))).toEqual([
      ['motif', 'examen'],
    ]);
    expect(saver.mark('motif')).toMatchObject({ kind: 'stored' });
  });

  test('someone who never pauses is saved every two seconds', async () => {
    const saver = open();
    for (let key = 1; key <= 50; key += 1) {
      saver.type('motif', 'a'.repeat(key));
      await tick(100);
    }
    expect(server.requests.length).toBe(2);
  });

  test('one request in flight; what is typed meanwhile is coalesced into one', async () => {
    server.answer_ms = 3_000;
    const saver = open();
    saver.type('motif', 'a');
    await tick(600);
    for (const text of ['ab', 'abc', 'abcd']) {
      saver.type('motif', text);
      await tick(600);
    }
    expect(server.requests).toHaveLength(1);
    await tick(6_000);
    expect(server.texts('motif')).toEqual(['a', 'abcd']);
    expect(server.in_flight_max).toBe(1);
  });
});

describe('journal first', () => {
  test('at the moment of every request its texts and key are in the journal', async () => {
    const saver = open();
    for (let key = 1; key <= 30; key += 1) {
      saver.type(key % 2 === 0 ? 'motif' : 'conclusion', 'a'.repeat(key));
      await tick(400);
    }
    await tick(3_000);
    expect(server.requests.length).toBeGreaterThan(3);
    expect(server.sent_before_journalled).toEqual([]);
  });

  test('the entry stays until the receipt matched, and is history afterwards', async () => {
    server.answer_ms = 1_000;
    const saver = open();
    saver.type('motif', 'Toux');
    await tick(1_400);
    expect(journal.unsent().map((one) => one.text)).toEqual(['Toux']);
    await tick(1_000);
    expect(journal.unsent()).toEqual([]);
    expect(journal.states()).toEqual(['acknowledged']);
  });

  test('a mark says "on the device" only after the journal has confirmed', async () => {
    journal.write_ms = 50;
    const saver = open();
    saver.type('motif', 'T');
    await tick(40);
    expect(saver.mark('motif').kind).toBe('writing');
    await tick(20);
    expect(saver.mark('motif').kind).toBe('on_device');
  });

  test('when the journal fails it is said, and the words still go to the server', async () => {
    journal.broken = true;
    const saver = open();
    saver.type('motif', 'Toux');
    await tick(100);
    expect(saver.mark('motif').kind).toBe('only_here');
    expect(saver.fields.onlyInMemory()).toBe(true);
    await tick(1_000);
    expect(server.texts('motif')).toEqual(['Toux']);
    expect(saver.mark('motif').kind).toBe('stored');
    expect(saver.fields.onlyInMemory()).toBe(false);
  });

  test('lone surrogates are replaced before the journal sees them', async () => {
    const saver = open();
    expect(saver.type('motif', 'a\uD83D')).toBe('a\uFFFD');
    await tick(1_000);
    expect(journal.all()[0]?.text).toBe('a\uFFFD');
    expect(saver.mark('motif').kind).toBe('stored');
  });
});

describe('a failing network', () => {
  test('the same content goes again under the same key, for ever', async () => {
    server.lose = 'requests';
    const saver = open();
    saver.type('motif', 'Toux');
    await tick(20 * 60_000);
    expect(server.requests.length).toBeGreaterThan(30);
    expect(new Set(server.requests.map((one) => one.key)).size).toBe(1);
    expect(new Set(server.requests.map((one) => JSON.stringify(one.body))).size).toBe(1);
    expect(saver.mark('motif')).toEqual({ kind: 'on_device', late: true });
    server.lose = 'nothing';
    await tick(31_000);
    expect(saver.mark('motif').kind).toBe('stored');
  });

  test('answers that got lost double nothing', async () => {
    server.lose = 'answers';
    const saver = open();
    saver.type('motif', 'Toux');
    await tick(60_000);
    server.lose = 'nothing';
    saver.type('motif', 'Toux grasse');
    await tick(60_000);
    expect(server.texts('motif')).toEqual(['Toux', 'Toux grasse']);
    expect(server.heads('motif')).toHaveLength(1);
  });

  test('what is typed during a failure waits for the outcome and builds upon it', async () => {
    server.lose = 'answers';
    const saver = open();
    saver.type('motif', 'a');
    await tick(5_000);
    saver.type('motif', 'ab');
    await tick(5_000);
    expect(new Set(server.requests.map((one) => one.key)).size).toBe(1);
    server.lose = 'nothing';
    await tick(60_000);
    const [first, second] = server.revisions('motif');
    expect(second?.bases.map((base) => base.revision_id)).toEqual([first?.revision_id]);
  });

  test('waking sends at once', async () => {
    server.lose = 'requests';
    const saver = open();
    saver.type('motif', 'a');
    await tick(120_000);
    server.lose = 'nothing';
    saver.wake();
    await tick(100);
    expect(saver.mark('motif').kind).toBe('stored');
  });

  test('an expired session waits and is said; nothing is refused', async () => {
    server.always = { kind: 'sign_in' };
    const saver = open();
    saver.type('motif', 'a');
    await tick(2_000);
    expect(saver.waiting).toEqual({ kind: 'sign_in' });
    server.always = null;
    saver.wake();
    await tick(100);
    expect(saver.waiting).toBeNull();
    expect(saver.mark('motif').kind).toBe('stored');
  });
});

describe('a reload', () => {
  test('sends everything unsent by itself, in order, under the keys it had', async () => {
    server.lose = 'answers';
    const before = open();
    before.type('motif', 'a');
    await tick(1_000);
    before.type('motif', 'ab');
    before.type('examen', 'x');
    await tick(400);
    before.stop();
    const key = server.requests[0]?.key;
    server.requests.length = 0;
    server.lose = 'nothing';
    const after = await reopen();
    expect(after.text('motif')).toBe('ab');
    await tick(5_000);
    expect(server.requests[0]?.key).toBe(key);
    expect(server.texts('motif')).toEqual(['a', 'ab']);
    expect(server.heads('motif')).toHaveLength(1);
    expect(after.mark('motif').kind).toBe('stored');
    expect(after.mark('examen').kind).toBe('stored');
    expect(journal.unsent()).toEqual([]);
  });

  test('two pages that died over one field leave two heads, neither overwritten', async () => {
    server.lose = 'requests';
    const one = open('one');
    const two = open('two');
    one.type('motif', 'from one');
    two.type('motif', 'from two');
    await tick(100);
    one.stop();
    two.stop();
    server.lose = 'nothing';
    const after = await reopen();
    await tick(5_000);
    expect(server.texts('motif').sort()).toEqual(['from one', 'from two']);
    expect(after.mark('motif')).toEqual({ kind: 'two_heads', count: 2 });
    expect(journal.unsent()).toEqual([]);
  });

  test('a receipt that comes while a slow device notes what is taken over is waited with', async () => {
    server.lose = 'answers';
    const before = open('before');
    before.type('interrogatoire', 'Toux');
    await tick(700);
    before.type('motif', 'left');
    before.type('interrogatoire', 'Toux sèche');
    await tick(100);
    before.stop();
    expect(server.texts('interrogatoire')).toEqual(['Toux']);
    const left = journal.unsent();

    server.lose = 'nothing';
    const after = open('after');
    after.type('motif', 'of this page');
    await tick(100);
    // The text beside this page's own is noted first; what follows upon the text being sent is taken over after it.
    journal.write_ms = 2_000;
    const taken = after.adopt(left);
    await tick(1_000);
    expect(server.requests.filter(({ body }) => body.fields[0]?.text === 'Toux').length).toBeGreaterThan(1);
    await tick(20_000);
    await taken;
    expect(server.texts('interrogatoire')).toEqual(['Toux', 'Toux sèche']);
    expect(after.mark('interrogatoire').kind).toBe('stored');
    expect(server.heads('motif').map(({ text }) => text).sort()).toEqual(['left', 'of this page']);
  });

  test('a field with something unsent keeps its own text when the server is read', async () => {
    server.lose = 'requests';
    const before = open();
    before.type('motif', 'unsent');
    await tick(100);
    before.stop();
    const after = await reopen();
    after.load('motif', [server.foreignHead('motif', 'stored')]);
    expect(after.text('motif')).toBe('unsent');
    server.lose = 'nothing';
    await tick(60_000);
    expect(after.mark('motif')).toEqual({ kind: 'two_heads', count: 2 });
  });
});

describe('receipts', () => {
  test('a digest of another text is shown and kept', async () => {
    server.alter = (text) => text.replace('38,5', '35,8');
    const saver = open();
    saver.type('motif', 'Fièvre 38,5');
    await tick(1_000);
    expect(saver.mark('motif').kind).toBe('different');
    expect(journal.states()).toEqual(['different']);
    expect(journal.unsent()[0]?.text).toBe('Fièvre 38,5');
  });

  test('the difference survives a reload and ends when the text is sent again and matches', async () => {
    server.alter = () => '';
    const saver = open();
    saver.type('motif', 'Fièvre');
    await tick(1_000);
    saver.stop();
    const after = await reopen();
    expect(after.mark('motif').kind).toBe('different');
    expect(after.text('motif')).toBe('Fièvre');
    server.alter = (text) => text;
    void after.sendAgain('motif');
    await tick(1_000);
    expect(after.mark('motif').kind).toBe('stored');
    expect(server.texts('motif').at(-1)).toBe('Fièvre');
    expect(journal.states().sort()).toEqual(['acknowledged', 'superseded']);
  });

  test('a receipt that leaves out a field, or is about another subject, matches nothing', async () => {
    server.editReceipt = (receipt) => ({ ...receipt, fields: receipt.fields.slice(1) });
    const saver = open();
    saver.type('motif', 'a');
    await tick(1_000);
    expect(saver.mark('motif').kind).toBe('different');
    server.editReceipt = (receipt) => ({ ...receipt, subject_id: 'c9' });
    saver.type('examen', 'b');
    await tick(1_000);
    expect(saver.mark('examen').kind).toBe('different');
    expect(journal.unsent()).toHaveLength(2);
  });

  test('copies, machines and time are those of the receipt', async () => {
    server.copies = 1;
    const saver = open();
    saver.type('motif', 'a');
    await tick(1_000);
    expect(saver.mark('motif')).toMatchObject({
      kind: 'stored',
      stored_as: { copies: 1, machines: 1, where: 'same_disk' },
    });
  });

  test('an answer that cannot be read decides nothing', async () => {
    server.editReceipt = () => ({ nonsense: true }) as never;
    const saver = open();
    saver.type('motif', 'a');
    await tick(4_000);
    expect(saver.mark('motif').kind).toBe('on_device');
    server.editReceipt = (receipt) => receipt;
    await tick(60_000);
    expect(saver.mark('motif').kind).toBe('stored');
    expect(server.texts('motif')).toEqual(['a']);
  });
});

describe('refusals', () => {
  test('an over-long text is not sent, is kept, and holds up no other field', async () => {
    const saver = open();
    const long = 'a'.repeat(200_001);
    saver.type('motif', long);
    saver.type('examen', 'x');
    await tick(3_000);
    expect(saver.mark('motif')).toEqual({ kind: 'over_long', length: 200_001, limit: 200_000 });
    expect(server.texts('motif')).toEqual([]);
    expect(server.texts('examen')).toEqual(['x']);
    expect(journal.unsent().map((one) => one.text)).toEqual([long]);
    saver.type('motif', 'a'.repeat(200_000));
    await tick(1_000);
    expect(saver.mark('motif').kind).toBe('stored');
  });

  test('a refused text is kept with its reason and goes again when changed', async () => {
    server.always = { kind: 'refused', refusal: { code: 'forbidden', detail: 'non' } };
    const saver = open();
    saver.type('motif', 'a');
    await tick(10_000);
    expect(server.requests).toHaveLength(1);
    expect(saver.mark('motif')).toMatchObject({ kind: 'refused', refusal: { code: 'forbidden' } });
    expect(journal.unsent().map((one) => one.text)).toEqual(['a']);
    server.always = null;
    saver.type('motif', 'ab');
    await tick(1_000);
    expect(saver.mark('motif').kind).toBe('stored');
    expect(server.requests[1]?.key).not.toBe(server.requests[0]?.key);
  });

  test('one refused field does not hold up those sent with it', async () => {
    server.refuseField = 'examen';
    const saver = open();
    saver.type('motif', 'a');
    saver.type('examen', 'b');
    saver.type('conclusion', 'c');
    await tick(10_000);
    expect(saver.mark('motif').kind).toBe('stored');
    expect(saver.mark('conclusion').kind).toBe('stored');
    expect(saver.mark('examen').kind).toBe('refused');
    expect(journal.unsent().map((one) => one.text)).toEqual(['b']);
  });

  test('a key that the server knows with other content is replaced, not given up', async () => {
    const saver = open();
    server.once = { kind: 'refused', refusal: { code: 'key_reused', detail: '' } };
    saver.type('motif', 'a');
    await tick(5_000);
    expect(saver.mark('motif').kind).toBe('stored');
  });
});

test('an addendum is a text of its own, sent as its field, beside the closed one', async () => {
  const saver = open();
  saver.load('examen', [server.foreignHead('examen', 'closed text')]);
  saver.type('examen+1', 'first addition');
  saver.type('examen+2', 'second addition');
  await tick(3_000);
  // A request names a field once, so the two went one after the other.
  expect(server.requests.map((one) => one.body.fields.map((field) => field.field))).toEqual([['examen'], ['examen']]);
  expect(server.texts('examen')).toEqual(['closed text', 'first addition', 'second addition']);
  expect(saver.text('examen')).toBe('closed text');
});

describe('two writers', () => {
  test('both texts stay; the merge is written upon both and leaves one head', async () => {
    const one = open('one');
    const two = open('two');
    one.type('motif', 'from one');
    two.type('motif', 'from two');
    await tick(1_000);
    expect(server.heads('motif')).toHaveLength(2);
    expect(two.mark('motif')).toEqual({ kind: 'two_heads', count: 2 });
    two.merge('motif', 'from one and two', server.heads('motif'));
    await tick(1_000);
    expect(server.heads('motif').map((head) => head.text)).toEqual(['from one and two']);
    expect(two.mark('motif').kind).toBe('stored');
  });

  test('a merge chosen while a request is in flight leaves one head too', async () => {
    const foreign = server.foreignHead('motif', 'theirs');
    const saver = open();
    saver.type('motif', 'mine');
    await tick(1_000);
    const heads = server.heads('motif');
    server.answer_ms = 2_000;
    saver.type('motif', 'mine more');
    await tick(700);
    expect(heads.map((head) => head.revision_id)).toContain(foreign.revision_id);
    saver.merge('motif', 'mine more and theirs', heads);
    await tick(10_000);
    expect(server.heads('motif').map((head) => head.text)).toEqual(['mine more and theirs']);
  });
});

test('whatever the network does, at the end every field holds its last text, once, and one head', async () => {
  let seed = 41;
  const dice = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
  for (let run = 0; run < 8; run += 1) {
    journal = new TestJournal();
    server = new TestServer(journal);
    let saver = open(`page-${run}`);
    const last: Record<string, string> = {};
    for (let step = 0; step < 40; step += 1) {
      server.lose = (['nothing', 'nothing', 'requests', 'answers'] as const)[dice(4)]!;
      server.answer_ms = dice(1_500);
      journal.write_ms = dice(20);
      const field = ['motif', 'examen', 'conclusion'][dice(3)]!;
      last[field] = saver.type(field, `${saver.text(field)}${step}.`);
      await tick(dice(1_200));
      if (dice(8) > 0) continue;
      await tick(30);
      saver.stop();
      await tick(3_000);
      saver = await reopen(`page-${run}-${step}`);
      for (const name of Object.keys(last)) saver.load(name, server.heads(name));
    }
    server.lose = 'nothing';
    await tick(120_000);
    for (const [field, text] of Object.entries(last)) {
      expect(server.heads(field).map((head) => head.text)).toEqual([text]);
      expect(new Set(server.texts(field)).size).toBe(server.texts(field).length);
      expect(saver.mark(field).kind).toBe('stored');
    }
    expect(journal.unsent()).toEqual([]);
    expect(server.sent_before_journalled).toEqual([]);
  }
}, 60_000);
