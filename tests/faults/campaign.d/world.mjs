// The practice that everybody in the campaign works for: its practitioners, its patients with accounts, and its agendas.
// People and agendas are laid into the database; whatever is written or booked goes through the API.
import { createHash, randomUUID } from 'node:crypto';
import { until } from '../../support/server.mjs';

const hash = (token) => `'\\x${createHash('sha256').update(token).digest('hex')}'`;

export class World {
  constructor(server) {
    this.server = server;
    this.practice = randomUUID();
    this.site = randomUUID();
  }

  async lay({ practitioners, bookers, patients }) {
    this.practitioners = practitioners;
    this.bookers = bookers;
    await this.sql(`
      INSERT INTO manent.practice (practice_id, name) VALUES ('${this.practice}', 'Cabinet du Port');
      INSERT INTO manent.site (practice_id, site_id, name) VALUES ('${this.practice}', '${this.site}', 'Port');`);
    for (const each of practitioners) await this.person(each, `
      INSERT INTO manent.membership (membership_id, practice_id, person_id, role)
        VALUES (gen_random_uuid(), '${this.practice}', '${each.person}', 'practitioner');`);
    for (const each of bookers) await this.person(each, `
      INSERT INTO manent.credential (person_id, email, password_hash) VALUES ('${each.person}', '${each.person}@exemple.fr', 'none');`);
    this.patients = [];
    for (let n = 0; n < patients; ++n) {
      const wish = { birth_name: `Patient${n}`, given_names: 'Louise', birth_date: `19${40 + n}-02-03`, sex: 'female', confirm_new: true };
      const { final } = await practitioners[0].device.insist('patient', `/practices/${this.practice}/patients`, wish);
      this.patients.push(final.body.patient_id);
    }
    await this.layAgenda();
  }

  person(each, more) {
    return this.sql(`INSERT INTO manent.person (person_id, given_name, family_name, birth_date, phone)
      VALUES ('${each.person}', 'Anne', 'Leroy', '1984-03-12', '06 12 34 56 78');${more}`);
  }

  /** An agenda that is open from 8 to 20 every day for visits of ten minutes. */
  async layAgenda() {
    const [agenda, motive] = [randomUUID(), randomUUID()];
    await this.sql(`
      INSERT INTO manent.agenda (practice_id, agenda_id, site_id, name)
        VALUES ('${this.practice}', '${agenda}', '${this.site}', 'Dr Anne Leroy');
      INSERT INTO manent.motive (practice_id, motive_id, label, duration_min, earliest_min, latest_days, cancel_min, repeatable)
        VALUES ('${this.practice}', '${motive}', 'Suivi', 10, 60, 365, 60, true);
      INSERT INTO manent.agenda_motive VALUES ('${this.practice}', '${agenda}', '${motive}');
      WITH opened AS (
        INSERT INTO manent.opening (practice_id, opening_id, agenda_id, weekday, starts_minute, ends_minute, capacity)
          SELECT '${this.practice}', gen_random_uuid(), '${agenda}', day, 480, 1200, 1
          FROM generate_series(1, 7) AS day RETURNING opening_id)
      INSERT INTO manent.opening_motive SELECT '${this.practice}', opening_id, '${motive}' FROM opened;
      INSERT INTO manent.outbox (practice_id, kind, agenda_id) VALUES ('${this.practice}', 'agenda_schedule', '${agenda}');`);
    this.agenda = agenda;
    this.motive = motive;
  }

  /** The free starts of one day, `days` from today. */
  async slots(days) {
    const day = new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
    return until(async () => {
      const answer = await fetch(`${this.server.base}/api/v1/agendas/${this.agenda}/slots?motive=${this.motive}&from=${day}&to=${day}`);
      const found = (await answer.json()).days.flatMap((each) => each.slots);
      return found.length > 0 && found;
    }, 30, `no free time ${days} days from today`);
  }

  /** A session for a person, as a sign-in would make it; answers its token. */
  async signIn(person) {
    const token = `token-${randomUUID()}`;
    await this.sql(`INSERT INTO manent.session (session_id, token_hash, person_id, expires_at, second_factor_at)
      VALUES (gen_random_uuid(), ${hash(token)}, '${person}', now() + interval '8 hours', now());`);
    return token;
  }

  /** Insists as everybody does: the database may be away. Every statement may be repeated, for ids are made here. */
  sql(statements) {
    return until(() => this.server.psql(`BEGIN; SET LOCAL row_security = off; ${statements} COMMIT;`).then(() => true,
      (failed) => {
        if (/duplicate key/.test(failed.stderr)) return true;
        throw failed;
      }), 60, `the database never took: ${statements.slice(0, 200)}`);
  }
}
