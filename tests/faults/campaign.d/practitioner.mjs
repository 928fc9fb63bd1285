// Practitioners without a browser: each opens consultations, writes their fields in bursts, each text upon the one before,
// closes some and adds to what was closed, retracts a few. Two of them write in one consultation at the same time.
import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Device } from './device.mjs';

export const fields = ['motif', 'interrogatoire', 'examen', 'conclusion'];
const phrases = [
  'Toux sèche depuis trois jours, sans fièvre.', 'Dyspnée à l’effort, stade II de la NYHA.', 'TA 138/82 au bras droit.',
  'Auscultation : crépitants de la base gauche.', 'Abdomen souple, dépressible, indolore.', 'Pas d’adénopathie palpable.',
  'Antalgiques de palier 1, à réévaluer sous 48 h 🙂.', 'שלום — patient bilingue.', 'Œdème prétibial, godet +.', 'É́tat général conservé.',
];

let serial = 0;
/** A text that nobody wrote before. */
export function freshText(random, by) {
  const length = random.chance(0.03) ? 300 : random.whole(1, 12);
  const parts = Array.from({ length }, () => random.pick(phrases));
  return `${by} ${++serial} — ${parts.join(' ')}`;
}

export class Practitioner {
  constructor(around, name) {
    this.person = randomUUID();
    this.name = name;
    this.device = new Device({ ...around, person: this.person, name });
    this.world = around.world;
    this.witness = around.witness;
  }

  get path() {
    return `/practices/${this.world.practice}`;
  }

  /** Writes until `busy()` says no more; `shared` is a consultation in which somebody else writes too. */
  async work(random, busy, shared) {
    let open = null;
    for (let acts = 0; busy(); ++acts) {
      open ??= await this.open(random);
      const at = shared && random.chance(0.3) ? shared : open;
      for (let burst = random.whole(1, 4); burst > 0 && busy(); --burst) {
        await this.write(at, random);
        await pause(random.between(0, 30));
      }
      if (random.chance(0.1)) await this.device.stutter(random);
      if (random.chance(0.08)) {
        await (random.chance(0.7) ? this.close(open, random) : this.retract(open, random));
        // What comes late is an addendum beside the closed text, or kept in the retracted file.
        if (random.chance(0.5)) await this.write(open, random);
        open = null;
      }
      await pause(random.between(5, 80));
    }
  }

  async open(random) {
    const consultation = { id: randomUUID(), patient: random.pick(this.world.patients) };
    const wish = { consultation_id: consultation.id, patient_id: consultation.patient, kind: 'in_practice' };
    await this.device.insist('open', `${this.path}/consultations`, wish, { random, more: { consultation: consultation.id } });
    return consultation;
  }

  /** Some fields of a consultation, each upon what this writer last saw there; now and then upon nothing. */
  async write(consultation, random) {
    const chosen = random.shuffled(fields).slice(0, random.pick([1, 1, 1, 2, 3, 4]));
    const seen = (consultation.seen_by ??= new Map()).get(this.person) ?? {};
    const body = {
      subject_kind: 'consultation', subject_id: consultation.id, device_id: this.device.device_id,
      fields: chosen.map((field) => ({
        field, text: freshText(random, this.name), typed_at: new Date().toISOString(),
        bases: seen[field] && random.chance(0.95) ? [seen[field]] : [],
      })),
    };
    const { final } = await this.save(body, random);
    for (const { field, revision_id, digest } of final.body.fields ?? []) seen[field] = { revision_id, digest };
    consultation.seen_by.set(this.person, seen);
  }

  save(body, random) {
    const sent = body.fields.map(({ field, text, bases }) => ({ field, text, bases: bases.map((each) => each.revision_id) }));
    return this.device.insist('save', `${this.path}/revisions`, body, { random, more: { subject: body.subject_id, fields: sent } });
  }

  look(consultation) {
    return this.device.read(`${this.path}/consultations/${consultation.id}`);
  }

  /** Merges what stands side by side, and closes upon the one head of each field. */
  async close(consultation, random) {
    let view = await this.look(consultation);
    const split = fields.filter((field) => view.fields[field].heads.length > 1);
    if (split.length > 0) {
      await this.save({
        subject_kind: 'consultation', subject_id: consultation.id, device_id: this.device.device_id,
        fields: split.map((field) => ({
          field, text: freshText(random, this.name), typed_at: new Date().toISOString(),
          bases: view.fields[field].heads.map(({ revision_id, digest }) => ({ revision_id, digest })),
        })),
      }, random);
      view = await this.look(consultation);
    }
    const heads = Object.fromEntries(fields.flatMap((field) =>
      view.fields[field].heads.length === 1 ? [[field, view.fields[field].heads[0].revision_id]] : []));
    await this.device.insist('close', `${this.path}/consultations/${consultation.id}/close`, { heads },
      { random, more: { consultation: consultation.id, heads } });
  }

  /** It was the wrong patient's file: the note is hidden there, or filed again in the right one. */
  async retract(consultation, random) {
    const refile = random.chance(0.5) ? { refile_patient_id: random.pick(this.world.patients.filter((each) => each !== consultation.patient)) } : {};
    await this.device.insist('retract', `${this.path}/consultations/${consultation.id}/retract`,
      { reason: 'Mauvais dossier', ...refile }, { random, more: { consultation: consultation.id, ...refile } });
  }
}
