// Every statement of every capability, one a file, prepared against the migrated schema: a column that went, or a type that
// does not fit, is found before anybody asks for it.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { Server, root } from '../support/server.mjs';

const server = new Server();
before(() => server.start());
after(() => server.stop());

async function statements() {
  const found = [];
  for (const capability of await readdir(path.join(root, 'src'))) {
    const folder = path.join(root, 'src', capability, 'sql');
    for (const file of await readdir(folder).catch(() => []))
      found.push({ name: `${capability}.${path.basename(file, '.sql')}`, text: await readFile(path.join(folder, file), 'utf8') });
  }
  return found;
}

test('each is accepted by the schema', async () => {
  const all = await statements();
  const prepare = ({ name, text }) => `PREPARE "${name}" AS ${text};`;
  // At once; one by one only to name the culprits.
  const accepted = await server.psql(all.map(prepare).join('\n')).then(() => true, () => false);
  const refused = [];
  if (!accepted)
    for (const each of all)
      await server.psql(prepare(each)).catch((failed) => refused.push(`${each.name}: ${failed.stderr.trim()}`));
  assert.deepEqual(refused, []);
  assert.ok(accepted && all.length > 150);
});

test('each says in its first line what it is for, and none answers whatever columns there are', async () => {
  const first = new Set();
  for (const { name, text } of await statements()) {
    assert.match(text, /^-- \S/, name);
    assert.doesNotMatch(text, /^SELECT \*|RETURNING \*\s*$/, name);
    first.add(text.split('\n')[0]);
  }
  assert.equal(first.size, (await statements()).length, 'two statements say the same of themselves');
});
