// What the witness wrote down, by act: what was sent, and everything that was ever answered to it. Only what the witness has
// on its disk counts.

/** Each machine but the first holds one copy; one more is the standby beside the primary. */
export const onStandby = ({ copies, machines }) => copies > machines;

export class Ledger {
  constructor() {
    this.acts = new Map(); // by key
    this.frozen = []; // while the second copy could not take anything
    this.parted = []; // while no word could reach the other machine
    this.receipts = 0;
    this.bookings = 0;
    this.fresh = []; // keys first sent since the last time that was asked
  }

  take(lines) {
    for (const line of lines) this[line.what]?.(line);
  }

  sent({ key, act, by, what: _what, ...more }) {
    this.acts.set(key, { key, act, by, ...more, answers: [], refused: null });
    this.fresh.push(key);
  }

  answered({ key, act, sent_at, answered_at, answer }) {
    const known = this.acts.get(key);
    if (known.answers.length === 0 && act === 'save') this.receipts += 1;
    if (known.answers.length === 0 && act === 'book') this.bookings += 1;
    known.answers.push({ ...answer, sent_at, answered_at });
  }

  refused({ key, status, code }) {
    this.acts.get(key).refused = { status, code };
  }

  /** A time in which no second copy could be made. */
  standby_frozen({ from, to }) {
    this.frozen.push({ from, to });
  }

  /** A time in which nothing could be heard from the other machine. */
  machines_parted({ from, to }) {
    this.parted.push({ from, to });
  }

  /** What a real journal had on its device when it was asked. */
  journalled({ subject, field, text }) {
    (this.typed ??= new Map()).set(`${subject}/${field}`, { subject, field, text });
  }

  /** Every stored field of which a receipt that was heard before `moment` says that the standby of its machine has it. */
  calledOnStandby(moment) {
    return [...this.acts.values()].filter(({ act }) => act === 'save').flatMap(({ answers }) =>
      answers.filter((each) => onStandby(each) && each.answered_at < moment).flatMap(({ fields }) => fields));
  }

  /** The acts first sent since this was last asked. */
  takeFresh() {
    return this.fresh.splice(0).map((key) => this.acts.get(key));
  }
}
