// `manent admin practitioner`: a new installation gets its first practitioner with an agenda, whom patients then find.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execFile } from 'node:child_process';
import { Client, Server, binary, until } from '../support/server.mjs';
import { password } from '../support/people.mjs';

const server = new Server();
before(async () => {
  await server.start();
  await new Promise((resolve, reject) => {
    const words = ['admin', 'create', '--data', server.data, '--practice', 'Cabinet des Halles', '--given-name', 'Odile',
      '--family-name', 'Roux', '--email', 'odile@exemple.fr'];
    execFile(binary, words, (failed) => (failed ? reject(failed) : resolve())).stdin.end(`${password}\n`);
  });
});
after(() => server.stop());

const add = (more) => {
  const given = { practice: 'Cabinet des Halles', title: 'Dr', 'given-name': 'Odile', 'family-name': 'Roux',
    specialty: 'general-practice', 'postal-code': '47000', city: 'Agen', line: '3 place des Halles', ...more };
  return server.command('admin', 'practitioner', ...Object.entries(given).flatMap(([name, value]) => (value ? [`--${name}`, value] : [])));
};

test('what is wrong is named with the way on, and nothing is added', async () => {
  const refused = [
    [{ practice: 'Cabinet ailleurs' }, /--practice: none has/],
    [{ specialty: 'surgeon' }, /--specialty: one of\n[^]*general-practice/],
    [{ number: '10001234567' }, /national_number: wrong_key/],
    [{ number: '12' }, /--number: an RPPS number has 11 digits/],
    [{ city: 'Nulle-Part', 'postal-code': '99999' }, /name no commune/],
    [{ city: '', 'postal-code': '' }, /the practice has no site/],
    [{ email: 'nobody@exemple.fr' }, /--email: nobody with that address works/],
  ];
  for (const [wish, why] of refused) await assert.rejects(add(wish), why, JSON.stringify(wish));
  assert.equal((await server.psql('SET row_security = off; SELECT count(*) FROM manent.agenda')).trim(), '0');
});

test('the practitioner is there, is the account of the address, and is found near the place', async () => {
  const { stdout } = await add({ number: '10100050078', email: 'odile@exemple.fr' }).catch((failed) => failed);
  assert.match(stdout ?? '', /Dr Odile Roux has an agenda in Cabinet des Halles/);
  const linked = await server.psql(`SET row_security = off; SELECT count(*) FROM manent.membership m
    JOIN manent.agenda a ON a.practice_id = m.practice_id AND a.practitioner_id = m.practitioner_id`);
  assert.equal(linked.trim(), '1');
  const found = await until(async () => {
    const { body } = await new Client(server.base).get('/practitioners?specialty=general-practice&place=47001');
    return body.items?.find((each) => each.name === 'Dr Odile Roux');
  });
  assert.ok(found);
  // A second one goes to the practice's only site.
  await add({ 'given-name': 'Luc', city: '', 'postal-code': '', line: '' });
  const sites = await server.psql('SET row_security = off; SELECT count(DISTINCT site_id), count(*) FROM manent.agenda');
  assert.equal(sites.trim(), '1|2');
});
