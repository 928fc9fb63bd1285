// `manent verify`: what was written is proved on both copies, and what was changed behind the program's back is named.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Server, until } from '../support/server.mjs';
import { addPatient, baseOf, layPractice, openConsultation, save } from './record_world.mjs';

const server = new Server();
let practice, consultation, receipt;
before(async () => {
  await server.start();
  practice = await layPractice(server, 'Cabinet');
  const { patient_id } = await addPatient(practice);
  consultation = await openConsultation(practice, patient_id);
  const first = await save(practice, 'consultation', consultation.consultation_id, { motif: 'Toux', examen: 'RAS 🩺' });
  receipt = first.body.receipt ?? first.body;
  const next = [{ field: 'motif', text: 'Toux fébrile', bases: [baseOf(receipt, 'motif')] }];
  await save(practice, 'consultation', consultation.consultation_id, next);
  await until(async () => (await server.psql('SHOW synchronous_standby_names')).trim() === 'manent_standby', 30);
});
after(() => server.stop());

/** The exit code and what was printed. */
const verify = () => server.command('verify').then(
  ({ stdout }) => ({ code: 0, stdout }),
  ({ code, stdout }) => ({ code, stdout }),
);

/** Damage that no role of the program could do: by the cluster's owner, with the guards off. */
const damage = (statement) => server.psql(`SET row_security = off; SET session_replication_role = replica; ${statement}`);

test('an untouched record is whole on both copies', async () => {
  const { code, stdout } = await verify();
  assert.equal(code, 0, stdout);
  assert.match(stdout, /primary: 3 revisions of 2 fields, \d+ bytes of text; all open and match/);
  assert.match(stdout, /standby: 3 revisions of 2 fields, \d+ bytes of text; all open and match/);
});

test('a changed byte, a moved text, a wrong digest and a missing revision are each named', async (t) => {
  const examen = receipt.fields.find((each) => each.field === 'examen').revision_id;
  const motif = receipt.fields.find((each) => each.field === 'motif').revision_id;
  const named = async (changed, back, fault, revision) => {
    await damage(changed);
    const { code, stdout } = await verify();
    assert.equal(code, 1, stdout);
    assert.equal(stdout.split(`revision ${revision}: ${fault}`).length, 3, `not named on both copies:\n${stdout}`);
    await damage(back);
    assert.equal((await verify()).code, 0);
  };
  const flip = `UPDATE manent.revision SET sealed = set_byte(sealed, 30, get_byte(sealed, 30) # 1) WHERE revision_id = '${examen}'`;
  await t.test('byte', () => named(flip, flip, 'text_does_not_open', examen));
  const swap = `UPDATE manent.revision r SET sealed = o.sealed FROM manent.revision o
    WHERE r.revision_id IN ('${examen}', '${motif}') AND o.revision_id IN ('${examen}', '${motif}') AND o.revision_id <> r.revision_id`;
  await t.test('place', () => named(swap, swap, 'text_does_not_open', motif));
  const wrong = `UPDATE manent.revision SET digest = set_byte(digest, 0, get_byte(digest, 0) # 1) WHERE revision_id = '${examen}'`;
  await t.test('digest', () => named(wrong, wrong, 'digest_differs', examen));
  const later = (await server.psql(
    `SET row_security = off; SELECT revision_id FROM manent.revision WHERE field = 'motif' AND ordinal = 2`)).trim();
  await t.test('gap', () => named(
    `CREATE TABLE public.kept AS SELECT * FROM manent.revision WHERE revision_id = '${motif}';
     DELETE FROM manent.revision WHERE revision_id = '${motif}'`,
    'INSERT INTO manent.revision SELECT * FROM public.kept; DROP TABLE public.kept', 'out_of_order', later));
});
