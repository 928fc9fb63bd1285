// The backup in an S3-compatible store: over a certificate that is checked, encrypted before it leaves, restored from
// there; and refused where the certificate, or the access key, is not the one.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { chmod, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startStore } from '../support/s3.mjs';
import { BackedUp } from '../support/backup.mjs';
import { addPatient, layPractice, openConsultation, save } from './record_world.mjs';

let folder, store, backedUp;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'manent-s3-'));
  await chmod(folder, 0o755);
  store = await startStore(folder);
  backedUp = await BackedUp.start(store.environment);
  await backedUp.firstBackup();
});
after(async () => {
  await backedUp?.stop();
  await store?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Every file that lies in the store. */
async function stored() {
  const all = await readdir(store.objects, { recursive: true, withFileTypes: true });
  return all.filter((each) => each.isFile()).map((each) => path.join(each.parentPath ?? each.path, each.name));
}

test('what was saved is restored from the store, and nothing lies there in clear', async () => {
  const practice = await layPractice(backedUp.server, 'Cabinet');
  const { patient_id } = await addPatient(practice, { birth_name: 'Villeneuve' });
  const { consultation_id } = await openConsultation(practice, patient_id);
  assert.equal((await save(practice, 'consultation', consultation_id, { motif: 'Toux' })).status, 201);
  const { code, printed } = await backedUp.command(['backup', 'check']);
  assert.equal(code, 0, printed);
  assert.match(printed, /restored: 1 revisions of 1 fields/);
  const files = await stored();
  assert.ok(files.length > 10);
  // Salted__ is how the encryption begins; beside each object lies the store's own description of it.
  for (const file of files.filter((name) => name.endsWith('_object')))
    assert.equal((await readFile(file)).subarray(0, 8).toString(), 'Salted__', file);
});

test('another certificate or another access key is refused, and said', async () => {
  const refused = async (changed, reason) => {
    const { environment } = backedUp;
    backedUp.environment = { ...environment, ...changed };
    const { code, printed } = await backedUp.command(['backup', 'list']);
    backedUp.environment = environment;
    assert.notEqual(code, 0, printed);
    assert.match(printed, reason);
  };
  await refused({ MANENT_BACKUP_S3_CA_FILE: '' }, /certificate/);
  await refused({ MANENT_BACKUP_S3_KEY: 'ANOTHER' }, /403|InvalidAccessKeyId/);
});
