// Types French clinical text into the four fields of a consultation in two tabs, while tabs, renderers and the whole
// browser are killed, the network is cut, the session expires, server and primary are killed and the front end is
// updated, at words drawn from a seed; then looks for every word: in the right field, once, through the API.
//   node tests/browser/words.mjs [--seeds N] [--seed S] [--words W] [--faults F] [--seconds T] [--verbose]
// One line for each seed, and a JSON object as the last one. `retyped` counts words that no mark had called kept when
// their tab was killed; `hung` tabs that did not answer though nothing had befallen them; `changed` texts that changed under
// somebody's hands, `late` those that only grew by own words; `failed` the seeds that did not come to their end, and why. A seed is typed again, with the same blows at the same words, by --seed.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { openConsultation } from '../support/browser.mjs';
import { clinicalText, fields, randomFrom, wordsOf } from '../support/clinical_text.mjs';
import { Desk } from '../support/desk.mjs';
import { FrontEnd } from '../support/front_end.mjs';
import { Scribe } from '../support/scribe.mjs';
import { Server, until } from '../support/server.mjs';
import { within } from '../support/within.mjs';
import { blows, planOf } from './words_faults.mjs';

const doctor = /Claire Delmas/;
const seed_ms_max = 15 * 60_000;
/** A code of the second factor serves once: the sign-in may have to wait for the next. */
const sign_in_ms_max = 45_000;
const counts = ['words', 'missing', 'misplaced', 'doubled', 'retyped', 'hung', 'changed', 'late', 'reopened', 'restarts'];

/** One server for all seeds; each seed has its own consultation and its own browser profile. */
export async function campaign({ seeds = 1, seed = 1, words = 5000, faults = 12, seconds = 20, tell = () => {} } = {}) {
  const front_end = await FrontEnd.copy();
  const server = new Server({ empty: false, environment: { MANENT_SHARE: front_end.share } });
  const total = { seeds: 0, ...Object.fromEntries(counts.map((name) => [name, 0])), faults: {}, failed: [] };
  let release = 0;
  try {
    await server.start();
    for (let each = seed; each < seed + seeds; each += 1) {
      const begun = Date.now();
      const run = new Run({ server, seed: each, words, faults, seconds, tell, replaceFiles: () => front_end.update((release += 1)) });
      const failed = await run.all().then(() => null, (problem) => problem);
      const found = { ...run.count, seconds: Math.round((Date.now() - begun) / 1000) };
      if (failed !== null) {
        total.failed.push({ seed: each, why: failed.message });
        tell(`seed ${each} failed: ${failed.stack}`);
      }
      tell(`seed ${each}: ${JSON.stringify(found)}`);
      for (const name of counts) total[name] += found[name];
      for (const [name, count] of Object.entries(found.faults)) total.faults[name] = (total.faults[name] ?? 0) + count;
      total.seeds += 1;
    }
    // Every stored revision decrypts and matches its digests, on primary and standby.
    await until(() => server.command('verify').then(() => true), 60, 'what is stored is not what was written, says manent verify');
    return total;
  } finally {
    await server.stop();
    await front_end.remove();
  }
}

/** Whether every word was found, and nothing else was wrong either. */
export const sound = (total) => ['missing', 'misplaced', 'doubled', 'hung', 'changed'].every((name) => total[name] === 0) && total.failed.length === 0;

class Run {
  constructor(of) {
    Object.assign(this, of);
    this.random = randomFrom(of.seed);
    this.count = { ...Object.fromEntries(counts.map((name) => [name, 0])), faults: {} };
    this.scribes = [];
    this.signing = null;
    this.name = `seed ${of.seed}`;
    this.begun = Date.now();
    const tell = of.tell;
    this.tell = (line) => tell(`${((Date.now() - this.begun) / 1000).toFixed(1)} s ${line}`);
  }

  async all() {
    try {
      this.desk = await Desk.open({ base: this.server.base, tell: (line) => this.tell(`${this.name}: ${line}`) });
      await within(seed_ms_max, `${this.name}`, () => this.write()).catch((failed) => {
        const doing = this.scribes.map((each) => `${each.name} was ${each.doing}`).join('; ');
        throw new Error(`${failed.message} (${doing})`, { cause: failed });
      });
    } finally {
      this.over = true;
      for (const each of this.scribes) {
        each.stopped = true;
        this.count.missing += each.lost.length;
        for (const name of ['hung', 'changed', 'late', 'reopened', 'retyped']) this.count[name] += each.count[name];
      }
      this.count.restarts = this.desk?.restarts.length ?? 0;
      await this.desk?.close();
    }
  }

  async write() {
    const { random } = this;
    const address = await this.begin();
    const plan = planOf(random, this.faults);
    this.texts = Object.fromEntries(fields.map((each) => [each, clinicalText(random, each, Math.ceil(this.words / fields.length))]));
    const split = [fields.filter((_, i) => i % 2 === 0), fields.filter((_, i) => i % 2 === 1)];
    this.scribes = split.map((own, i) => new Scribe({
      name: `${this.name} tab ${i + 1}`, desk: this.desk, address, tell: this.tell, seconds: this.seconds,
      texts: Object.fromEntries(own.map((each) => [each, this.texts[each]])),
      random: randomFrom(this.seed * 31 + i), reopen: (page, to) => this.visit(page, to), look: () => this.evidence(address),
    }));
    for (const each of this.scribes) await each.open();
    const harm = this.harm(plan);
    await Promise.all(this.scribes.map((each) => each.write()));
    await harm;
    for (const each of this.scribes) await each.settle().catch((failed) => this.picture(each, failed));
    this.judge(this.texts, await this.read(address));
  }

  /** Each blow when its share of the text is typed; the next does not wait for its end. */
  async harm(plan) {
    const going = [];
    for (const blow of plan) {
      while (!this.over && this.share() < blow.share) await pause(20);
      if (this.over) break;
      await pause(blow.delay_ms);
      this.tell(`${this.name}: ${blow.name}, ${Math.round(this.share() * 100)} % typed`);
      going.push(blows[blow.name](this, blow).then((fell) => {
        if (fell) this.count.faults[blow.name] = (this.count.faults[blow.name] ?? 0) + 1;
      }).catch((failed) => this.tell(`${this.name}: ${blow.name}: ${failed.message}`)));
    }
    await Promise.all(going);
  }
  share() {
    const sum = (lengths) => lengths.reduce((a, b) => a + b, 0);
    return sum(this.scribes.map((each) => each.typed)) / sum(Object.values(this.texts).map((each) => each.length));
  }

  /** Signs in, and opens a consultation for somebody of the demonstration. */
  async begin() {
    const page = await this.desk.newPage();
    page.setDefaultTimeout(30_000);
    await this.signIn(page, '/staff/patients');
    const address = await openConsultation(page, this.server);
    await this.desk.closePage(page);
    return address;
  }

  async signIn(page, to) {
    await page.goto(`/sign-in?return=${encodeURIComponent(to)}`);
    const inside = page.waitForURL((url) => !url.pathname.startsWith('/sign-in'), { timeout: sign_in_ms_max });
    inside.catch(() => {});
    // Another tab may have signed in meanwhile: then there is nothing to press.
    await Promise.race([inside, page.getByRole('button', { name: doctor }).click()]);
    await inside;
  }
  /** At most one page signs in at a time. */
  signInOnce(page, to) {
    this.signing ??= this.signIn(page, to).finally(() => (this.signing = null));
    return this.signing;
  }

  /** In a tab of its own, as somebody who sees « Se connecter » does. */
  async enter() {
    const page = await this.desk.newPage();
    page.setDefaultTimeout(15_000);
    try {
      await this.signInOnce(page, '/staff');
      // The other tabs hear of it from the page that comes then: nobody leaves before having seen that.
      await page.getByRole('heading', { level: 1 }).first().waitFor({ state: 'attached' });
      await pause(1_000);
    } finally {
      await this.desk.closePage(page);
    }
  }

  /** The page at an address; one of the tabs signs in where nobody is signed in any more, the others wait for it. */
  async visit(page, to) {
    await page.goto(to, { waitUntil: 'commit' });
    const arrived = await Promise.race([
      page.locator('[data-field=motif] textarea').waitFor().then(() => 'there'),
      page.waitForURL(/\/sign-in/, { waitUntil: 'commit' }).then(() => 'out'),
    ]);
    if (arrived === 'there') return;
    await this.signInOnce(page, to);
    await page.goto(to, { waitUntil: 'commit' });
  }

  // --- what is found -----------------------------------------------------------------------

  async read(address) {
    const id = address.split('/').at(-1);
    const [{ practice_id }] = await this.server.sql(`SELECT practice_id FROM manent.consultation WHERE consultation_id = '${id}'`);
    const page = await this.desk.newPage();
    page.setDefaultTimeout(30_000);
    await this.visit(page, address);
    const answer = await page.request.get(`/api/v1/practices/${practice_id}/consultations/${id}`);
    assert.equal(answer.status(), 200, await answer.text());
    return (await answer.json()).fields;
  }

  /** For who looks for the reason: what the server holds of the consultation. */
  async evidence(address) {
    return JSON.stringify(await this.server.sql(`SELECT field, ordinal, recorded_at, revision_id, base_ids, heads FROM manent.revision
      WHERE subject_id = '${address.split('/').at(-1)}' ORDER BY recorded_at DESC LIMIT 12`).catch((failed) => failed.message));
  }
  async picture(scribe, failed) {
    if (process.env.MANENT_TEST_PICTURES) {
      await scribe.page?.screenshot({ path: `${process.env.MANENT_TEST_PICTURES}/words-${this.seed}.png`, timeout: 10_000 }).catch(() => {});
    }
    throw failed;
  }

  judge(texts, found) {
    const { count } = this;
    for (const name of fields) {
      count.words += wordsOf(texts[name]).length;
      const held = found[name].heads.map((head) => head.text).join('\n');
      if (held === texts[name]) continue;
      const surplus = tally(wordsOf(held));
      const before = count.missing + count.doubled + count.misplaced;
      for (const word of wordsOf(texts[name])) {
        if ((surplus.get(word) ?? 0) > 0) surplus.set(word, surplus.get(word) - 1);
        else count.missing += 1;
      }
      const own = tally(wordsOf(texts[name]));
      for (const [word, times] of surplus) count[own.has(word) ? 'doubled' : 'misplaced'] += times;
      // The same words in another order or with another space between them.
      if (count.missing + count.doubled + count.misplaced === before) count.misplaced += 1;
      this.tell(`${this.name}: ${name} differs\n  typed ${JSON.stringify(texts[name])}\n  found ${JSON.stringify(held)}`);
    }
  }
}

function tally(words) {
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const number = (value) => ({ type: 'string', default: String(value) });
  const { values } = parseArgs({
    options: { seeds: number(1), seed: number(1), words: number(5000), faults: number(12), seconds: number(20), verbose: { type: 'boolean', default: false } },
  });
  const { verbose, ...numbers } = values;
  const tell = verbose ? (line) => console.error(line) : (line) => /^seed \d+(: \{| failed)/.test(line) && console.error(line);
  const total = await campaign({ ...Object.fromEntries(Object.entries(numbers).map(([name, value]) => [name, Number(value)])), tell });
  console.log(JSON.stringify(total));
  process.exitCode = sound(total) ? 0 : 1;
}
