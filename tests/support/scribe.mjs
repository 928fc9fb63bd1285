// One practitioner at one tab who types given texts into fields of a consultation, whatever happens to the tab. After
// each blow the tab is opened again, and what the page had confirmed must be there; what it had not (the mark still
// said « en écriture », or no answer came back from the tab) is typed again, as anybody would.
import { between, pick, piecesOf } from './clinical_text.mjs';
import { field } from './browser.mjs';
import { until } from './server.mjs';

/** The newest change is on the device at least, says the page. */
const confirmed = ['on_device', 'stored', 'two_heads'];
const piece_words_max = 12;

export class Scribe {
  /** `texts`: what is to be typed, by field. `reopen(page)` signs in where that is needed. */
  constructor({ name, context, address, texts, random, reopen, tell }) {
    Object.assign(this, { name, context, address, texts, random, reopen, tell });
    this.work = Object.keys(texts).map((each) => ({ field: each, typed: '', kept: '', retyped: 0, pieces: piecesOf(random, texts[each], piece_words_max) }));
    // Short texts are typed slowly, or nothing would happen to them.
    this.pause_ms_max = Math.max(80, 60_000 / this.work.reduce((sum, each) => sum + each.pieces.length, 0));
    this.page = null;
    this.lost = [];
  }

  get done() {
    return this.work.every((each) => each.pieces.length === 0);
  }

  async write() {
    while (!this.done) {
      const work = pick(this.random, this.work.filter((each) => each.pieces.length > 0));
      // A person stays in a field for a while.
      for (let left = between(this.random, 1, 15); left > 0 && work.pieces.length > 0; left -= 1) {
        if (!(await this.type(work))) await this.open();
        await new Promise((done) => setTimeout(done, this.random() * this.pause_ms_max));
      }
    }
  }

  /** One piece; false when the tab is gone or not what it should be. */
  async type(work) {
    if (!this.usable) return false;
    const piece = work.pieces[0];
    try {
      const before = await this.look(work.field, true);
      if (before === null || before.value !== work.typed) return false;
      await this.page.keyboard.insertText(piece);
      // From here on the words were typed, confirmed or not.
      work.typed += piece;
      work.pieces.shift();
      const after = await this.look(work.field, false);
      if (after === null || after.value !== work.typed) return false;
      if (confirmed.includes(after.mark)) work.kept = work.typed;
      return true;
    } catch {
      return false;
    }
  }

  get usable() {
    return this.page !== null && !this.page.isClosed() && !this.page.crashed;
  }

  look(name, focus) {
    return this.page.evaluate(([wanted, take]) => {
      const whole = document.querySelector(`[data-field=${wanted}]`);
      const area = whole?.querySelector('textarea');
      if (!area || area.readOnly) return null;
      if (take) {
        area.focus();
        area.setSelectionRange(area.value.length, area.value.length);
      }
      return { value: area.value, mark: whole.querySelector('.mark')?.dataset.mark ?? 'empty' };
    }, [name, focus]);
  }

  /** Opens the consultation anew and goes on from what is found there. */
  async open() {
    const begun = Date.now();
    for (;;) {
      await this.leave();
      try {
        const page = await this.context.newPage();
        this.page = page;
        page.on('crash', () => (page.crashed = true));
        page.on('pageerror', (error) => this.tell(`${this.name}: ${error}`));
        page.setDefaultTimeout(15_000);
        await this.reopen(page, this.address);
        await field(page, this.work[0].field).waitFor();
        await this.resume();
        return;
      } catch (failed) {
        if (Date.now() - begun > 240_000) throw new Error(`${this.name} could not open the consultation again: ${failed.message}`);
      }
    }
  }

  /** What was confirmed must come back; the rest of the text is typed on from there. */
  async resume() {
    for (const work of this.work) {
      let found = null;
      await until(async () => {
        found = await this.look(work.field, false);
        return found !== null && found.value.startsWith(work.kept);
      }, 45, 'not all back').catch(() => {
        // Only a page that shows the field can have lost words.
        if (found === null) throw new Error('the field went away');
        this.lost.push({ field: work.field, kept: work.kept, found: found.value });
        this.tell(`${this.name}: ${work.field} came back without what was confirmed`);
      });
      const whole = this.texts[work.field];
      const { value } = found;
      if (!whole.startsWith(value)) {
        this.tell(`${this.name}: ${work.field} holds what was not typed there`);
        this.lost.push({ field: work.field, kept: work.kept, found: value });
        throw new Error(`${work.field} holds what was not typed there: ${JSON.stringify(value.slice(-80))}`);
      }
      const missing = work.typed.slice(value.length);
      work.retyped += missing.split(/\s+/u).filter(Boolean).length;
      work.typed = work.kept = value;
      work.pieces = piecesOf(this.random, whole.slice(value.length), piece_words_max);
    }
  }

  /** Waits until both sides agree on every field. */
  async settle() {
    let marks = [];
    await until(async () => {
      if (!this.usable) return this.open().then(() => false);
      marks = await Promise.all(this.work.map((each) => this.look(each.field, false)));
      if (marks.some((each) => each === null)) return this.open().then(() => false);
      return marks.every((each, i) => each.mark === 'stored' && each.value === this.work[i].typed);
    }, 120, 'late').catch(() => {
      const state = marks.map((each, i) => `${this.work[i].field}: ${each?.mark}, ${each?.value === this.work[i].typed ? 'as typed' : 'not as typed'}`);
      throw new Error(`${this.name}: the fields were never all called saved (${state.join('; ')})`);
    });
  }

  async leave() {
    const old = this.page;
    this.page = null;
    // A page that crashed may never answer.
    await Promise.race([old?.close().catch(() => {}), new Promise((done) => setTimeout(done, 2_000))]);
  }
}
