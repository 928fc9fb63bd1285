// One practitioner at one tab who types given texts into fields of a consultation, whatever happens to the tab. After
// each blow the tab is opened again, and what the page had confirmed must be there; what it had not (the mark still
// said « en écriture », or no answer came back from the tab) is typed again, as anybody would.
import { setTimeout as pause } from 'node:timers/promises';
import { between, pick, piecesOf } from './clinical_text.mjs';
import { field } from './browser.mjs';
import { until } from './server.mjs';
import { Late, within } from './within.mjs';

/** The newest change is on the device at least, says the page. */
const confirmed = ['on_device', 'stored', 'two_heads'];
const piece_words_max = 12;
/** A page that is whole answers in this time, also on a machine with much to do. */
const answer_ms_max = 30_000;
const open_ms_max = 240_000;
const hand_over_ms_max = 15_000;

export class Scribe {
  /** `texts`: what is to be typed, by field, in about `seconds`. `reopen(page)` signs in where needed, `look()` gathers evidence. */
  constructor({ name, desk, address, texts, random, reopen, tell, look, seconds }) {
    Object.assign(this, { name, desk, address, texts, random, reopen, tell, evidence: look });
    this.work = Object.keys(texts).map((each) => ({ field: each, typed: '', kept: '', pieces: piecesOf(random, texts[each], piece_words_max) }));
    // Short texts are typed slowly, or nothing would happen to them.
    this.pause_ms_max = (seconds * 2_000) / this.work.reduce((sum, each) => sum + each.pieces.length, 0);
    this.page = null;
    this.lost = [];
    this.count = { hung: 0, changed: 0, late: 0, reopened: -1, retyped: 0 };
    this.doing = 'at rest';
    this.stopped = false;
  }

  get done() {
    return this.stopped || this.work.every((each) => each.pieces.length === 0);
  }
  /** Characters typed so far. */
  get typed() {
    return this.work.reduce((sum, each) => sum + each.typed.length, 0);
  }

  async write() {
    while (!this.done) {
      const work = pick(this.random, this.work.filter((each) => each.pieces.length > 0));
      // A person stays in a field for a while.
      for (let left = between(this.random, 1, 15); left > 0 && work.pieces.length > 0 && !this.stopped; left -= 1) {
        const wrong = await this.type(work);
        if (wrong !== null) await this.open(wrong);
        await pause(this.random() * this.pause_ms_max);
      }
    }
    this.doing = 'at the end of the text';
  }

  /** One piece; null when it was typed, else why the tab has to be opened again. */
  async type(work) {
    this.doing = `typing in ${work.field}`;
    const { page } = this;
    if (!this.usable) return 'gone';
    const piece = work.pieces[0];
    try {
      const before = await this.enter(work.field);
      if (before === null) return 'no field';
      if (before.value !== work.typed) return this.changed(work, before.value);
      await within(answer_ms_max, 'a key', () => page.keyboard.insertText(piece));
      // From here on the words were typed, confirmed or not.
      work.typed += piece;
      work.pieces.shift();
      const after = await this.look(work.field, false);
      if (after === null) return 'no field';
      if (after.value !== work.typed) return this.changed(work, after.value);
      if (confirmed.includes(after.mark)) work.kept = work.typed;
      return null;
    } catch (failed) {
      if (failed instanceof Late && !page.crashed && !page.isClosed()) await this.hung(failed);
      return failed.message.split('\n')[0];
    }
  }

  /**
   * The text changed under somebody's hands. `late` is only more of the own words, from another page that was slow to hand
   * them over; anything else is `changed`.
   */
  changed(work, value) {
    const late = value.startsWith(work.typed) && this.texts[work.field].startsWith(value);
    this.count[late ? 'late' : 'changed'] += 1;
    this.tell(`${this.name}: ${work.field} changed by itself: of ${work.typed.length} characters (${work.kept.length} confirmed) to ${value.length}, ends ${JSON.stringify(value.slice(-40))}`);
    return 'changed';
  }
  /** Only where the rest of the browser still answers is it the page that hangs. */
  async hung(late) {
    const other = await this.desk.newPage();
    await within(answer_ms_max, 'an empty tab', () => other.evaluate('1')).then(() => (this.count.hung += 1), () => {});
    await this.desk.closePage(other);
    this.tell(`${this.name}: the page does not answer: ${late.message}`);
  }

  get usable() {
    return this.page !== null && !this.page.isClosed() && !this.page.crashed;
  }

  /** Goes into a field, and waits there for what another tab holds of it. Null when there is no field to write in. */
  async enter(name) {
    for (const end = Date.now() + hand_over_ms_max; ; await pause(50)) {
      const found = await this.look(name, true);
      if (found?.mark !== 'elsewhere') return found;
      if (Date.now() > end) throw new Error(`${name} was not handed over`);
    }
  }

  look(name, focus) {
    const { page } = this;
    return within(answer_ms_max, 'a look at the page', () => page.evaluate(([wanted, take]) => {
      const whole = document.querySelector(`[data-field=${wanted}]`);
      const area = whole?.querySelector('textarea');
      const mark = whole?.querySelector('.mark')?.dataset.mark ?? 'empty';
      if (!area || (area.readOnly && mark !== 'elsewhere')) return null;
      if (take) {
        // As by a click: also where the caret was before the other tab took the field.
        if (mark === 'elsewhere') area.blur();
        area.focus();
        area.setSelectionRange(area.value.length, area.value.length);
      }
      return { value: area.value, mark };
    }, [name, focus]));
  }

  /** Opens the consultation anew and goes on from what is found there. */
  async open(why = 'to begin') {
    const begun = Date.now();
    this.count.reopened += 1;
    this.tell(`${this.name}: opens the consultation (${why})`);
    while (!this.stopped) {
      await this.leave();
      try {
        this.doing = 'opening the consultation';
        const page = await this.desk.newPage();
        this.page = page;
        page.on('pageerror', (error) => this.tell(`${this.name}: ${error}`));
        page.setDefaultTimeout(15_000);
        await this.reopen(page, this.address);
        await field(page, this.work[0].field).waitFor();
        await this.resume();
        this.tell(`${this.name}: goes on after ${Date.now() - begun} ms`);
        return;
      } catch (failed) {
        this.tell(`${this.name}: not open after ${Date.now() - begun} ms: ${failed.message.split('\n')[0]}`);
        if (Date.now() - begun > open_ms_max) throw new Error(`${this.name} could not open the consultation again: ${failed.message}`);
      }
    }
  }

  /** What was confirmed must come back; the rest of the text is typed on from there. */
  async resume() {
    this.doing = 'looking for what was typed';
    for (const work of this.work) {
      let found = null;
      await until(async () => {
        if (!this.usable) throw new Error('the tab went away');
        found = await this.look(work.field, false);
        return found !== null && found.value.startsWith(work.kept);
      }, 45, 'not all back').catch(async () => {
        // Only a page that shows the field can have lost words.
        if (found === null || !this.usable) throw new Error('the field went away');
        this.lost.push({ field: work.field, kept: work.kept, found: found.value });
        const held = await this.held().catch((failed) => failed.message);
        this.tell(`${this.name}: ${work.field} came back with ${found.value.length} of ${work.kept.length} confirmed characters (${found.mark})
  on the device ${held}\n  on the server ${await this.evidence()}`);
      });
      const whole = this.texts[work.field];
      const { value } = found;
      if (!whole.startsWith(value)) {
        this.lost.push({ field: work.field, kept: work.kept, found: value });
        throw new Error(`${work.field} holds what was not typed there: ${JSON.stringify(value.slice(-80))}`);
      }
      const missing = work.typed.slice(value.length);
      this.count.retyped += missing.split(/\s+/u).filter(Boolean).length;
      work.typed = work.kept = value;
      work.pieces = piecesOf(this.random, whole.slice(value.length), piece_words_max);
    }
  }

  /** What lies in the journal, but for the texts. */
  held() {
    const { page } = this;
    return within(answer_ms_max, 'a look at the journal', () => page.evaluate(() => new Promise((done, fail) => {
      const asking = indexedDB.open('manent-journal');
      asking.onerror = () => fail(asking.error);
      asking.onsuccess = () => {
        const reading = asking.result.transaction('entries').objectStore('entries').getAll();
        reading.onsuccess = async () => {
          asking.result.close();
          const rows = reading.result.sort((a, b) => b.order - a.order).slice(0, 16);
          const told = rows.map(({ field: name, state, writer, order, cipher, receipt }) => [name, state, writer.slice(0, 8), order, cipher.byteLength, receipt?.revision_id ?? null].join(' '));
          const { held } = await navigator.locks.query();
          done(JSON.stringify({ online: navigator.onLine, entries: told, pages: held.map((lock) => lock.name.slice(0, 20)) }));
        };
      };
    })));
  }

  /** Waits until both sides agree on every field. */
  async settle() {
    this.doing = 'waiting until all is called saved';
    let marks = [];
    await until(async () => {
      if (!this.usable) return this.open('gone').then(() => false);
      marks = await Promise.all(this.work.map((each) => this.look(each.field, false)));
      if (marks.some((each) => each === null)) return this.open('no field').then(() => false);
      return marks.every((each, i) => each.mark === 'stored' && each.value === this.work[i].typed);
    }, 120, 'late').catch(async () => {
      const state = marks.map((each, i) => `${this.work[i].field}: ${each?.mark}, ${each?.value === this.work[i].typed ? 'as typed' : 'not as typed'}`);
      throw new Error(`${this.name}: the fields were never all called saved (${state.join('; ')}; on the device ${await this.held().catch((failed) => failed.message)}; on the server ${await this.evidence()})`);
    });
  }

  async leave() {
    const old = this.page;
    this.page = null;
    // A page that crashed may never answer.
    if (old !== null) await this.desk.closePage(old);
  }
}
