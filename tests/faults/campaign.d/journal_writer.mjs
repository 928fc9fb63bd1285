// A writer whose device is the real one: the front end's own saver and journal, over an IndexedDB in memory. Its tab dies
// again and again; the next one takes over what the journal holds.
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { root } from '../../support/server.mjs';
import { fields, freshText } from './practitioner.mjs';

const never = new Promise(() => {});

/** The front end's modules, bundled into `folder`. */
export async function loadJournal(folder) {
  const web = createRequire(path.join(root, 'web/package.json'));
  const { rolldown } = await import(pathToFileURL(web.resolve('rolldown')));
  await import(pathToFileURL(web.resolve('fake-indexeddb/auto')));
  const bundle = await rolldown({ input: path.join(root, 'tests/faults/campaign.d/journal_parts.ts'), platform: 'neutral',
    resolve: { conditionNames: ['browser', 'import'], mainFields: ['module', 'main'] }, logLevel: 'silent' });
  const file = path.join(folder, 'journal.mjs');
  await bundle.write({ file, format: 'esm' });
  return import(pathToFileURL(file));
}

export class JournalWriter {
  /** @param parts what loadJournal answered @param practitioner whose account and session it uses */
  constructor(parts, practitioner) {
    Object.assign(this, { parts, practitioner, device: practitioner.device, witness: practitioner.witness });
    this.sent = new Set();
    this.name = `journal-${randomUUID()}`;
  }

  /** Types into a consultation until `busy()` says no more, and until all of it is stored. */
  async work(random, busy) {
    const { id } = await this.practitioner.open(random);
    this.subject = { practice_id: this.device.world.practice, kind: 'consultation', id };
    this.texts = {};
    let tab = await this.openTab();
    while (busy()) {
      const field = random.pick(fields);
      await this.type(tab, field, freshText(random, this.practitioner.name));
      if (random.chance(0.5)) void tab.saver.flush();
      await pause(random.between(0, 60));
      if (!random.chance(0.12)) continue;
      tab.dies();
      tab = await this.openTab();
    }
    void tab.saver.flush();
    // A refused text would wait for its writer for ever; that it was refused is the finding.
    while (tab.saver.unstored().length > 0 && !this.refused) {
      // The page would do so when it is looked at, or when the network comes back.
      tab.saver.wake();
      await pause(30);
    }
    tab.dies();
  }

  /** The witness hears of a text once the journal has it: from then on the tab may die. */
  async type(tab, field, text) {
    tab.saver.type(field, text);
    const { typed } = tab.saver.safety(field);
    while (tab.saver.safety(field).journalled < typed) await pause(1);
    this.texts[field] = text;
    await this.witness.note('journalled', { subject: this.subject.id, field, text });
  }

  /** A page of its own, with what earlier ones left. A dead page neither writes nor hears any more. */
  async openTab() {
    const journal = await this.parts.IndexedJournal.open(this.device.person, this.name);
    const tab = { alive: true };
    let order = 0;
    const writer = randomUUID();
    const held = {
      account: journal.account, device_id: journal.device_id, epoch: journal.epoch,
      write: (puts, removes) => (tab.alive ? journal.write(puts, removes) : never),
    };
    tab.saver = new this.parts.SubjectSaver(this.subject, {
      journal: held, writer, changed: () => {},
      nextOrder: () => journal.epoch * 1_000_000 + ++order,
      transport: (practice, key, body) => this.transport(tab, practice, key, body),
    });
    tab.dies = () => {
      tab.alive = false;
      tab.saver.stop();
      journal.close();
    };
    const { entries } = await journal.adopt(writer, await journal.writers());
    await tab.saver.adopt(entries);
    return tab;
  }

  /** The real reading of answers over the campaign's network. */
  async transport(tab, practice, key, body) {
    if (!tab.alive) return never;
    const sent = body.fields.map(({ field, text, bases }) => ({ field, text, bases: bases.map((each) => each.revision_id) }));
    if (!this.sent.has(key)) {
      this.sent.add(key);
      await this.witness.note('sent', { act: 'save', key, by: this.device.person, subject: body.subject_id, fields: sent });
    }
    const heard = await this.device.attempt('save', `/practices/${practice}/revisions`, body, key);
    if (!tab.alive) return never;
    if (heard.status === 0) return { kind: 'unreachable' };
    const answer = await this.parts.answerOf(new Response(JSON.stringify(heard.body), {
      status: heard.status,
      headers: { 'Content-Type': heard.status < 300 ? 'application/json' : 'application/problem+json' },
    }));
    if (answer.kind === 'sign_in') this.device.token = null;
    this.refused ||= answer.kind === 'refused';
    if (answer.kind === 'refused') await this.witness.note('refused', { act: 'save', key, status: heard.status, code: heard.body?.code });
    return answer;
  }
}
