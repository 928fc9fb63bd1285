// What must hold after each cycle. Every finding names the promise that it breaks; none means that all of it held.
import { createHash } from 'node:crypto';
import { until } from '../../support/server.mjs';
import { onStandby } from './ledger.mjs';
import { fields } from './practitioner.mjs';

const digestOf = (salt, text) =>
  createHash('sha256').update(Buffer.from(salt, 'base64url')).update(text, 'utf8').digest('base64url');
const list = (ids) => ids.map((id) => `'${id}'`).join(',');
const standing = 'hashtextextended(concat_ws(\'|\', revision_id, subject_id, field, ordinal, base_ids, heads, encode(digest, \'hex\'), encode(salt, \'hex\'), md5(sealed)), 0)';
const visit = 'hashtextextended(concat_ws(\'|\', appointment_id, agenda_id, person_id, lane, starts_at, ends_at, state, version), 0)';

/** Rows of the subjects and agendas named, and one mark of everything else. */
function question(subjects, agendas) {
  const subject_in = subjects.length ? `subject_id IN (${list(subjects)})` : 'false';
  const agenda_in = agendas.length ? `agenda_id IN (${list(agendas)})` : 'false';
  return `SELECT
    (SELECT coalesce(json_agg(json_build_object('revision_id', revision_id, 'subject', subject_id, 'field', field,
       'ordinal', ordinal, 'bases', base_ids, 'heads', heads, 'salt', encode(salt, 'base64'), 'digest', encode(digest, 'base64'),
       'author', author) ORDER BY subject_id, field, ordinal), '[]') FROM manent.revision WHERE ${subject_in}) AS revisions,
    (SELECT json_build_object('count', count(*), 'mark', coalesce(bit_xor(${standing}), 0)::text) FROM manent.revision
       WHERE NOT (${subject_in})) AS older_revisions,
    (SELECT json_build_object('count', count(*), 'mark', coalesce(bit_xor(${standing}), 0)::text) FROM manent.revision) AS every_revision,
    (SELECT json_build_object('count', count(*), 'mark', coalesce(bit_xor(${visit}), 0)::text) FROM manent.appointment
       WHERE state <> 'held') AS every_visit,
    (SELECT coalesce(json_agg(json_build_object('appointment_id', appointment_id, 'person', person_id, 'agenda', agenda_id,
       'starts_at', starts_at, 'state', state, 'version', version, 'lane', lane)), '[]') FROM manent.appointment
       WHERE ${agenda_in} AND state <> 'held') AS visits,
    (SELECT coalesce(json_agg(json_build_object('one', a.appointment_id, 'other', b.appointment_id)), '[]')
       FROM manent.appointment a JOIN manent.appointment b ON a.practice_id = b.practice_id AND a.agenda_id = b.agenda_id
        AND a.appointment_id < b.appointment_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
       WHERE a.agenda_id IN (${agendas.length ? list(agendas) : 'NULL'}) AND a.state NOT IN ('cancelled', 'held') AND b.state NOT IN ('cancelled', 'held')) AS overlaps,
    (SELECT coalesce(json_agg(consultation_id), '[]') FROM manent.consultation_event
       WHERE what = 'closed' AND consultation_id IN (${subjects.length ? list(subjects) : 'NULL'})) AS closed,
    (SELECT coalesce(json_agg(consultation_id), '[]') FROM manent.consultation_event
       WHERE what = 'retracted' AND consultation_id IN (${subjects.length ? list(subjects) : 'NULL'})) AS retracted,
    (SELECT coalesce(json_agg(consultation_id), '[]') FROM manent.consultation
       WHERE consultation_id IN (${subjects.length ? list(subjects) : 'NULL'})) AS consultations`;
}

const base64url = (text) => text.replaceAll('\n', '').replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

export class Checks {
  constructor(ledger, machine, world) {
    Object.assign(this, { ledger, machine, world });
    this.older = null;
    /** Whether a receipt called its words safe from what was lost in this cycle. */
    this.may_be_gone = () => false;
    this.visits = new Map(); // by agenda: what the acts make of each appointment
  }

  /** Everything that the acts of this cycle touched, and that nothing older changed. Answers the findings. */
  async cycle(acts) {
    const found = [];
    const say = (promise, what, more) => found.push({ promise, what, ...more });
    const refiled = acts.flatMap((act) => act.answers.map((answer) => answer.refiled_as));
    const subjects = [...new Set([...acts.map((act) => act.subject ?? act.consultation), ...refiled].filter(Boolean))];
    for (const act of acts) this.decided(act, say);
    const [stored] = await this.ask(question(subjects, [this.world.agenda]));
    this.consultations(acts, stored, say);
    this.texts(acts, stored.revisions, say);
    this.refilings(acts, stored.revisions, say);
    this.heads(stored.revisions, say);
    this.bookings(acts, stored, say);
    this.typed(stored.revisions, say);
    if (this.older && JSON.stringify(this.older) !== JSON.stringify(stored.older_revisions))
      say('lost', 'revisions of earlier cycles are not what they were', { before: this.older, now: stored.older_revisions });
    this.older = stored.every_revision;
    this.may_be_gone = () => false;
    this.stored = stored;
    return found;
  }

  async ask(query, options) {
    return this.machine.server.sql(query, options);
  }

  /** Every act was decided once, and always the same; no receipt claims what could not be. */
  decided(act, say) {
    const { answers, refused } = act;
    if (answers.length === 0 && !refused) say('lost', 'an act was never decided', { act });
    if (answers.length > 0 && refused) say('doubled', 'an act was taken and refused', { act });
    if (refused && !['book', 'move', 'cancel'].includes(act.act)) say('lost', 'an act was refused that was in order', { act });
    if (refused && refused.status !== 409 && ['book', 'move', 'cancel'].includes(act.act)) say('lost', 'a booking was refused oddly', { act });
    const lasting = ({ sent_at: _s, answered_at: _a, copies: _c, machines: _m, where: _w, fields: of, ...rest }) =>
      JSON.stringify({ ...rest, fields: of?.map(({ field, revision_id, salt, digest }) => ({ field, revision_id, salt, digest })) });
    if (act.act === 'save' && new Set(answers.map(lasting)).size > 1)
      say('doubled', 'one key was answered in two ways', { act });
    for (const each of answers) {
      const during = (times) => times.some(({ from, to }) => each.sent_at > from && each.answered_at < to);
      if (onStandby(each) && during(this.ledger.frozen))
        say('copies', 'a receipt claims a second copy while there could be none', { act, answer: each });
      if (each.machines > 1 && during(this.ledger.parted))
        say('copies', 'a receipt claims a second machine while there could be none', { act, answer: each });
    }
  }

  consultations(acts, stored, say) {
    for (const act of acts) {
      if (act.answers.length === 0) continue;
      if (act.act === 'open' && !stored.consultations.includes(act.consultation)) say('lost', 'a consultation is missing', { act });
      if (act.act === 'retract' && !stored.retracted.includes(act.consultation)) say('lost', 'a retraction is missing', { act });
      if (act.act === 'retract' && new Set(act.answers.map((each) => each.refiled_as)).size > 1) say('doubled', 'a note was filed again twice', { act });
      if (act.act === 'close' && !stored.closed.includes(act.consultation)) say('lost', 'a closing is missing', { act });
    }
  }

  /** Each text that was acknowledged is stored in its own revision, once; nothing is stored that nobody sent. */
  texts(acts, revisions, say) {
    const by_place = new Map();
    for (const row of revisions) {
      row.salt = base64url(row.salt);
      row.digest = base64url(row.digest);
      const place = `${row.subject}/${row.field}`;
      by_place.set(place, [...(by_place.get(place) ?? []), row]);
    }
    for (const act of acts.filter((each) => each.act === 'save')) {
      for (const { field, text, bases } of act.fields) {
        const rows = (by_place.get(`${act.subject}/${field}`) ?? []).filter((row) => digestOf(row.salt, text) === row.digest);
        rows.forEach((row) => (row.sent = text));
        if (rows.length > 1) say('doubled', 'a text is stored twice', { act, rows });
        // With a disk, or a machine, goes what no receipt had called safe from that.
        const excused = act.answers.every(this.may_be_gone);
        if (rows.length === 0 && act.answers.length > 0 && !excused) say('lost', 'an acknowledged text is not stored', { act, field });
        if (rows.length > 0 && act.answers.length === 0 && act.refused) say('doubled', 'a refused text is stored', { act, field });
        for (const answer of act.answers) {
          const stated = answer.fields.find((each) => each.field === field);
          if (!stated) say('lost', 'a receipt does not name a field that was sent', { act, field });
          else if (stated.digest !== digestOf(stated.salt, text)) say('lost', 'a receipt states another text', { act, stated });
          else if (rows.length === 1 && (rows[0].revision_id !== stated.revision_id || rows[0].digest !== stated.digest))
            say('lost', 'a receipt names another revision', { act, stated, row: rows[0] });
        }
        for (const row of rows)
          if (JSON.stringify(row.bases) !== JSON.stringify(bases)) say('lost', 'a revision stands on other bases', { act, row });
      }
    }
  }

  /** A note that was filed again has the words that its writer had seen, each once; and then there is nothing that nobody wrote. */
  refilings(acts, revisions, say) {
    for (const act of acts.filter((each) => each.act === 'retract' && each.answers[0]?.refiled_as)) {
      const source = revisions.filter((row) => row.subject === act.consultation && row.sent !== undefined);
      for (const copy of revisions.filter((row) => row.subject === act.answers[0].refiled_as && row.sent === undefined)) {
        const from = source.find((row) => row.field === copy.field && digestOf(copy.salt, row.sent) === copy.digest && !row.refiled);
        if (from) [from.refiled, copy.sent] = [true, from.sent];
      }
    }
    for (const row of revisions) if (row.sent === undefined) say('doubled', 'a revision that nobody wrote', { row });
  }

  /** Numbers without gaps, and as heads exactly those that no later revision was written upon. */
  heads(revisions, say) {
    let place = null;
    let heads = [];
    let ordinal = 0;
    for (const row of revisions) {
      if (`${row.subject}/${row.field}` !== place) [place, heads, ordinal] = [`${row.subject}/${row.field}`, [], 0];
      heads = [...heads.filter((head) => !row.bases.includes(head)), row.revision_id];
      if (row.ordinal !== ++ordinal || JSON.stringify(heads) !== JSON.stringify(row.heads))
        say('heads', 'a head was lost, or stands where none should', { row, heads, ordinal });
    }
  }

  bookings(acts, stored, say) {
    const expected = this.visits.get(this.world.agenda) ?? new Map();
    this.visits.set(this.world.agenda, expected);
    for (const act of acts) {
      const [answer] = act.answers;
      if (!answer) continue;
      const ids = new Set(act.answers.map((each) => each.appointment_id).filter(Boolean));
      if (ids.size > 1) say('doubled', 'one booking has two appointments', { act });
      if (act.act === 'book') expected.set(answer.appointment_id, { person: act.by, starts_at: act.starts_at, state: 'booked', version: 1 });
      const of = expected.get(act.appointment);
      if (act.act === 'move') Object.assign(of, { starts_at: act.starts_at, version: of.version + 1 });
      if (act.act === 'cancel') Object.assign(of, { state: 'cancelled', version: of.version + 1 });
    }
    for (const { one, other } of stored.overlaps) say('overlaps', 'two appointments share a time', { one, other });
    const seen = new Set();
    for (const row of stored.visits) {
      seen.add(row.appointment_id);
      const wanted = expected.get(row.appointment_id);
      const same = wanted && wanted.person === row.person && Date.parse(wanted.starts_at) === Date.parse(row.starts_at) &&
        wanted.state === row.state && wanted.version === row.version;
      if (!wanted) say('doubled', 'an appointment that nobody was told of', { row });
      else if (!same) say('lost', 'an appointment is not what was acknowledged', { row, wanted });
    }
    for (const [id, wanted] of expected) if (!seen.has(id)) say('lost', 'an acknowledged booking is missing', { id, wanted });
  }

  /** What a real journal had on its device has become a revision. */
  typed(revisions, say) {
    for (const { subject, field, text } of this.ledger.typed?.values() ?? []) {
      const rows = revisions.filter((row) => row.subject === subject && row.field === field);
      if (!rows.some((row) => row.sent === text)) say('journal', 'a text that was in the journal never arrived', { subject, field, text });
    }
    this.ledger.typed?.clear();
  }

  /** What the API shows of the cycle's consultations, word for word. */
  async shown(practitioner, say) {
    const by_subject = new Map();
    for (const row of this.stored.revisions) by_subject.set(row.subject, [...(by_subject.get(row.subject) ?? []), row]);
    for (const [subject, rows] of by_subject) {
      for (const field of fields) {
        const wanted = rows.filter((row) => row.field === field).map((row) => [row.revision_id, row.sent]);
        if (wanted.length === 0) continue;
        const path = `${practitioner.path}/revisions?subject_kind=consultation&subject_id=${subject}&field=${field}`;
        const { items } = await practitioner.device.read(path);
        const shown = items.map((each) => [each.revision_id, each.text]);
        if (JSON.stringify(shown) !== JSON.stringify(wanted)) say('lost', 'the history shows other words', { subject, field, shown, wanted });
        for (const each of items)
          if (digestOf(each.salt, each.text) !== each.digest) say('lost', 'a shown text does not have its digest', { each });
      }
    }
  }

  /** What the API shows a patient of their appointments to come. */
  async shownTo(booker, say) {
    const wanted = [...this.visits.values()].flatMap((of) => [...of]).filter(([, { person, state }]) => person === booker.person && state === 'booked')
      .map(([id, { starts_at }]) => `${id} ${Date.parse(starts_at)}`).sort();
    const { upcoming } = await booker.device.read('/me/appointments');
    const shown = upcoming.map((each) => `${each.appointment_id} ${Date.parse(each.starts_at)}`).sort();
    if (JSON.stringify(shown) !== JSON.stringify(wanted)) say('lost', 'a patient is shown other appointments', { shown, wanted });
  }

  /** What each standby holds is what the primary holds. Only with all of them following. */
  async others(servers, say) {
    const [{ lsn }] = await this.ask(`SELECT pg_current_wal_flush_lsn()::text AS lsn`);
    for (const server of servers) {
      const caught_up = async () => (await server.sql(`SELECT pg_last_wal_replay_lsn() >= '${lsn}' AS there`, { standby: true }))[0].there;
      if (!(await until(caught_up, 20).catch(() => false))) {
        say('copies', 'a standby never caught up', { lsn, of: server.data });
        continue;
      }
      const [held] = await server.sql(question([], []), { standby: true });
      for (const what of ['every_revision', 'every_visit'])
        if (JSON.stringify(held[what]) !== JSON.stringify(this.stored[what]))
          say('copies', 'a standby holds something else', { what, primary: this.stored[what], standby: held[what], of: server.data });
    }
  }

  /** PostgreSQL as it runs keeps what it was told to keep. */
  async settings(say) {
    for (const standby of [false, true]) {
      const [is] = await this.ask(`SELECT current_setting('fsync') AS fsync, current_setting('full_page_writes') AS full_page_writes,
        current_setting('synchronous_commit') AS synchronous_commit`, { standby });
      for (const [name, value] of Object.entries(is)) if (value !== 'on') say('settings', `${name} is ${value}`, { standby });
    }
  }
}
