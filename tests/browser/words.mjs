// Types French clinical text into the four fields of a consultation in two tabs, while tabs are killed, the network is
// cut, the session expires, server and primary are killed and the front end is updated, at moments drawn from a seed;
// then looks for every word: in the right field, once, through the API and on both copies.
//   node tests/browser/words.mjs [--seeds N] [--seed S] [--words W] [--verbose]
// The last line is one JSON object; `retyped` counts words that no mark had called kept when their tab was killed.
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { between, clinicalText, fields, pick, randomFrom, wordsOf } from '../support/clinical_text.mjs';
import { launch } from '../support/browser.mjs';
import { FrontEnd } from '../support/front_end.mjs';
import { Scribe } from '../support/scribe.mjs';
import { Server, until } from '../support/server.mjs';

const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const doctor = /Claire Delmas/;

/** One server for all seeds; each seed has its own consultation and its own browser profile. */
export async function campaign({ seeds = 1, seed = 1, words = 5000, tell = () => {} } = {}) {
  const front_end = await FrontEnd.copy();
  const server = new Server({ empty: false, environment: { MANENT_SHARE: front_end.share } });
  const total = { seeds: 0, words: 0, missing: 0, misplaced: 0, doubled: 0, retyped: 0, faults: {} };
  let release = 0;
  try {
    await server.start();
    for (let each = seed; each < seed + seeds; each += 1) {
      const browser = await launch();
      try {
        const run = new Run({ server, browser, seed: each, words, tell, replace_files: () => front_end.update((release += 1)) });
        const found = await run.all();
        tell(`seed ${each}: ${JSON.stringify(found)}`);
        for (const name of ['words', 'missing', 'misplaced', 'doubled', 'retyped']) total[name] += found[name];
        for (const [name, count] of Object.entries(found.faults)) total.faults[name] = (total.faults[name] ?? 0) + count;
        total.seeds += 1;
      } finally {
        await browser.close().catch(() => {});
      }
    }
    // Every stored revision decrypts and matches its digests, on primary and standby.
    await server.command('verify');
    return total;
  } finally {
    await server.stop();
    await front_end.remove();
  }
}

class Run {
  constructor(of) {
    Object.assign(this, of);
    this.random = randomFrom(of.seed);
    this.faults = {};
    this.signing = null;
  }

  async all() {
    const { browser, server, random } = this;
    this.context = await browser.newContext({ baseURL: server.base, locale: 'fr', viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' });
    const address = await this.begin();
    const texts = Object.fromEntries(fields.map((each) => [each, clinicalText(random, each, Math.ceil(this.words / fields.length))]));
    const split = [fields.filter((_, i) => i % 2 === 0), fields.filter((_, i) => i % 2 === 1)];
    this.scribes = split.map((own, i) => new Scribe({
      name: `seed ${this.seed} tab ${i + 1}`, context: this.context, address, tell: this.tell,
      texts: Object.fromEntries(own.map((each) => [each, texts[each]])),
      random: randomFrom(this.seed * 31 + i), reopen: (page, to) => this.visit(page, to),
    }));
    for (const each of this.scribes) await each.open();
    const over = { yet: false };
    const harm = this.harm(over);
    try {
      await Promise.all(this.scribes.map((each) => each.write()));
    } finally {
      over.yet = true;
      await harm;
    }
    for (const each of this.scribes) await each.settle().catch((failed) => this.picture(each, failed));
    const found = await this.read(address);
    await this.context.close();
    return this.judge(texts, found);
  }

  /** Signs in, and opens a consultation for somebody of the demonstration. */
  async begin() {
    const page = await this.context.newPage();
    page.setDefaultTimeout(20_000);
    await this.signIn(page, '/staff/patients');
    const [{ patient_id }] = await this.server.sql(`SELECT p.patient_id FROM manent.patient p JOIN manent.membership m USING (practice_id)
      JOIN manent.person o ON o.person_id = m.person_id WHERE o.family_name = 'Delmas' ORDER BY p.patient_id LIMIT 1`);
    await page.goto(`/staff/patients/${patient_id}`);
    await page.getByRole('button', { name: 'Au cabinet' }).click();
    await page.waitForURL(/\/staff\/consultations\//);
    const address = new URL(page.url()).pathname;
    await page.close();
    return address;
  }

  /** For who looks for the reason. */
  async picture(scribe, failed) {
    if (process.env.MANENT_TEST_PICTURES) await scribe.page?.screenshot({ path: `${process.env.MANENT_TEST_PICTURES}/words-${this.seed}.png` });
    throw failed;
  }

  async signIn(page, to) {
    await page.goto(`/sign-in?return=${encodeURIComponent(to)}`);
    await page.getByRole('button', { name: doctor }).click();
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'));
  }

  /** The page at an address; one of the tabs signs in where nobody is signed in any more, the others wait for it. */
  async visit(page, to) {
    await page.goto(to, { waitUntil: 'commit' });
    const arrived = await Promise.race([
      page.locator('[data-field=motif] textarea').waitFor().then(() => 'there'),
      page.waitForURL(/\/sign-in/).then(() => 'out'),
    ]);
    if (arrived === 'there') return;
    this.signing ??= this.signIn(page, to).finally(() => (this.signing = null));
    await this.signing;
    await page.goto(to, { waitUntil: 'commit' });
  }

  // --- what goes wrong ---------------------------------------------------------------------

  async harm(over) {
    const acts = { kill_tab: 4, close_tab: 3, kill_renderers: 1, cut_network: 4, expire_session: 1, kill_server: 2, kill_primary: 2, update: 2 };
    const drawn = Object.entries(acts).flatMap(([name, weight]) => Array(weight).fill(name));
    // Each run begins with every kind once, in an order of its own.
    const first = Object.keys(acts).map((name) => [this.random(), name]).sort(([a], [b]) => a - b).map(([, name]) => name);
    while (!over.yet) {
      await pause(between(this.random, 200, 3_000));
      if (over.yet) return;
      const name = first.shift() ?? pick(this.random, drawn);
      this.tell(`seed ${this.seed}: ${name}`);
      this.faults[name] = (this.faults[name] ?? 0) + 1;
      await this[name]().catch((failed) => this.tell(`seed ${this.seed}: ${name}: ${failed.message}`));
    }
  }

  async kill_tab() {
    const { page } = pick(this.random, this.scribes);
    if (page === null || page.isClosed()) return;
    const channel = await this.context.newCDPSession(page);
    // A page that crashes answers nothing.
    void channel.send('Page.crash').catch(() => {});
    await until(() => page.crashed || page.isClosed(), 5, 'the tab did not crash');
  }
  async close_tab() {
    await pick(this.random, this.scribes).page?.close({ runBeforeUnload: false });
  }
  async kill_renderers() {
    const channel = await this.browser.newBrowserCDPSession();
    const { processInfo } = await channel.send('SystemInfo.getProcessInfo');
    for (const { id, type } of processInfo) if (type === 'renderer') process.kill(id, 'SIGKILL');
    await channel.detach();
  }
  async cut_network() {
    await this.context.setOffline(true);
    await pause(between(this.random, 500, 4_000));
    await this.context.setOffline(false);
  }
  async expire_session() {
    await this.server.psql(`UPDATE manent.session SET expires_at = now() - interval '1 second' WHERE revoked_at IS NULL`);
    await pause(between(this.random, 0, 3_000));
    const page = await this.context.newPage();
    page.setDefaultTimeout(15_000);
    // With the server away nobody signs in: again, as anybody would.
    const enter = () => (this.signing ??= this.signIn(page, '/staff').finally(() => (this.signing = null))).then(() => true);
    await until(enter, 90, 'nobody could sign in again').finally(() => page.close());
  }
  async kill_server() {
    process.kill(await this.server.pid('server'), 'SIGKILL');
  }
  async kill_primary() {
    process.kill(await this.server.pid('primary'), 'SIGKILL');
    if (this.random() < 0.5) await this.kill_server();
  }
  async update() {
    // The files in the folder are read at the start: the old ones are gone with the old process.
    await this.replace_files();
    await this.kill_server();
  }

  // --- what is found -----------------------------------------------------------------------

  async read(address) {
    const id = address.split('/').at(-1);
    const [{ practice_id }] = await this.server.sql(`SELECT practice_id FROM manent.consultation WHERE consultation_id = '${id}'`);
    const page = await this.context.newPage();
    await this.visit(page, address);
    const answer = await page.request.get(`/api/v1/practices/${practice_id}/consultations/${id}`);
    assert.equal(answer.status(), 200, await answer.text());
    await page.close();
    return (await answer.json()).fields;
  }

  judge(texts, found) {
    const count = { words: 0, missing: 0, misplaced: 0, doubled: 0, retyped: 0, faults: this.faults };
    for (const name of fields) {
      count.words += wordsOf(texts[name]).length;
      const held = found[name].heads.map((head) => head.text).join('\n');
      if (held === texts[name]) continue;
      const surplus = tally(wordsOf(held));
      for (const word of wordsOf(texts[name])) {
        if ((surplus.get(word) ?? 0) > 0) surplus.set(word, surplus.get(word) - 1);
        else count.missing += 1;
      }
      const own = tally(wordsOf(texts[name]));
      const before = count.missing + count.doubled + count.misplaced;
      for (const [word, times] of surplus) count[own.has(word) ? 'doubled' : 'misplaced'] += times;
      // The same words in another order or with another space between them.
      if (count.missing + count.doubled + count.misplaced === before) count.misplaced += 1;
      this.tell(`seed ${this.seed}: ${name} differs\n  typed ${JSON.stringify(texts[name])}\n  found ${JSON.stringify(held)}`);
    }
    for (const each of this.scribes) {
      count.missing += each.lost.length;
      for (const work of each.work) count.retyped += work.retyped;
    }
    return count;
  }
}

function tally(words) {
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '1' }, seed: { type: 'string', default: '1' },
      words: { type: 'string', default: '5000' }, verbose: { type: 'boolean', default: false },
    },
  });
  const tell = values.verbose ? (line) => console.error(line) : (line) => /seed \d+: \{/.test(line) && console.error(line);
  const total = await campaign({ seeds: Number(values.seeds), seed: Number(values.seed), words: Number(values.words), tell });
  console.log(JSON.stringify(total));
  process.exitCode = total.missing + total.misplaced + total.doubled === 0 ? 0 : 1;
}
