// A device without a screen. It behaves as the real one does: what it sends carries an idempotency key, and it sends the
// same again under the same key until it hears an answer that decides. The witness hears what is sent before it is sent,
// and what was answered before the device goes on.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

const answer_ms_max = 6000;
const again = new Set([0, 408, 425, 429, 401, 423]);

export class Device {
  /** @param {{network, witness, world, pulse, person: string, name: string}} around */
  constructor(around) {
    Object.assign(this, around);
    this.device_id = randomUUID();
    this.past = [];
  }

  async request(method, path, body, key, ms_max = answer_ms_max) {
    this.token ??= await this.world.signIn(this.person);
    const sent_at = performance.now();
    let raw = null;
    try {
      const heard = await fetch(`${this.network.base}/api/v1${path}`, {
        method,
        signal: AbortSignal.timeout(ms_max),
        headers: {
          Cookie: `manent_session=${this.token}`, 'Accept-Language': 'fr',
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(key === undefined ? {} : { 'Idempotency-Key': key }),
        },
        body: body === undefined ? undefined : JSON.stringify(body),
      });
      raw = { status: heard.status, headers: heard.headers, text: await heard.text() };
    } catch {
      // Whatever it was, nothing was heard: the outcome is unknown.
    }
    const answered_at = performance.now();
    if (raw === null) return { status: 0, body: null, sent_at, answered_at };
    let parsed = null;
    try {
      parsed = raw.text === '' ? null : JSON.parse(raw.text);
    } catch {
      return { status: 0, body: null, sent_at, answered_at };
    }
    return { status: raw.status, body: parsed, sent_at, answered_at };
  }

  /** One attempt of a keyed act; a receipt is with the witness before it is returned. */
  async attempt(what, path, body, key, ms_max) {
    const answer = await this.request('POST', path, body, key, ms_max);
    if (answer.status >= 200 && answer.status < 300) {
      const { sent_at, answered_at } = answer;
      await this.witness.note('answered', { act: what, key, sent_at, answered_at, answer: kept(what, answer.body) });
      this.pulse.acknowledged(answer);
    }
    return answer;
  }

  /** Sends an act until it is decided. `more` goes to the witness with what is sent. */
  async insist(what, path, body, { more = {}, random, key = randomUUID() } = {}) {
    await this.witness.note('sent', { act: what, key, by: this.person, ...more });
    const act = { what, path, body, key };
    let final = null;
    for (let tries = 0; final === null; ++tries) {
      if (tries > 0) await pause(Math.min(20 * 2 ** tries, 200) * (0.5 + (random?.next() ?? 0.5)));
      const answers = await this.attempts(act, tries, random);
      const decided = answers.filter(({ status }) => status >= 200 && status < 500 && !again.has(status))
        // Of two sent at once one may come too early for a time that is just being freed: the other's booking stands.
        .sort((one, other) => one.status - other.status)[0];
      if (decided) final = decided;
      else if (answers.some(({ status }) => [401, 423].includes(status))) this.token = null;
    }
    if (final.status >= 300)
      await this.witness.note('refused', { act: what, key, status: final.status, code: final.body?.code });
    else {
      this.past.push(act);
      if (this.past.length > 20) this.past.shift();
    }
    return { final, key };
  }

  /** Now and then impatient, so that it sends twice at once, or again before the first was answered. */
  async attempts({ what, path, body, key }, tries, random) {
    if (random?.chance(0.06)) {
      const late = async () => {
        await pause(random.between(0, 15));
        return this.attempt(what, path, body, key);
      };
      return Promise.all([this.attempt(what, path, body, key), late()]);
    }
    // Not with what may be refused: a refusal is not kept under its key, so the one left behind could still be taken.
    const hurry = tries === 0 && ['save', 'open', 'close', 'retract'].includes(what) && random?.chance(0.06);
    return [await this.attempt(what, path, body, key, hurry ? random.between(2, 40) : undefined)];
  }

  /** Asks until it is shown. */
  async read(path) {
    for (;;) {
      const answer = await this.request('GET', path);
      if (answer.status === 200) return answer.body;
      if (answer.status === 401) this.token = null;
      await pause(60);
    }
  }

  /** An old act arrives once more, behind those that followed it. */
  async stutter(random) {
    if (this.past.length === 0) return;
    const { what, path, body, key } = random.pick(this.past);
    await this.attempt(what, path, body, key);
  }
}

/** What the witness keeps of an answer. */
function kept(what, body) {
  if (what === 'save') {
    const { receipt_id, recorded_at, copies, machines, where, subject_id, fields } = body;
    return { receipt_id, recorded_at, copies, machines, where, subject_id, fields };
  }
  if (['book', 'move', 'cancel'].includes(what)) {
    const { appointment_id, starts_at, state, version } = body;
    return { appointment_id, starts_at: starts_at?.instant ?? starts_at, state, version };
  }
  if (what === 'retract') return { consultation_id: body.consultation.consultation_id, refiled_as: body.refiled_as };
  if (what === 'open' || what === 'close') return { consultation_id: body.consultation_id, state: body.state };
  return {};
}
