// Letters on their way: from the store to a real SMTP server, again when it asks to come again, and emptied once sent.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client, Server, until } from '../support/server.mjs';
import { SmtpServer, readable } from '../support/smtp.mjs';
import { accountWish } from '../support/people.mjs';

const smtp = new SmtpServer({ recipientAnswers: ['451 busy, come again'] });
let server;
before(async () => {
  await smtp.start();
  server = await new Server({
    environment: { MANENT_MAIL_SERVER: smtp.url, MANENT_MAIL_FROM: 'Cabinet des Îles <rdv@exemple.fr>' },
  }).start();
});
after(async () => {
  await server.stop();
  await smtp.stop();
});

const kept = async (to) =>
  (await server.sql(`SELECT subject, body, attempts, sent_at, failed_at, next_attempt_at > now() + interval '50 seconds' AS put_off
                     FROM manent.mail WHERE recipient = '${to}'`))[0];

test('a letter that the server puts off is sent at the next try, once, and emptied in the store', async () => {
  const client = new Client(server.base);
  const wish = accountWish();
  const { body } = await client.post('/accounts', wish);
  const putOff = await until(async () => { const one = await kept(wish.email); return one?.put_off ? one : null; });
  assert.deepEqual([putOff.attempts, putOff.sent_at, smtp.letters.length], [1, null, 0]);
  await server.psql(`UPDATE manent.mail SET next_attempt_at = now() WHERE recipient = '${wish.email}'`);
  await until(() => smtp.letters.length > 0);
  const [letter] = smtp.letters;
  assert.deepEqual(letter.to, [wish.email]);
  const code = /\b\d{6}\b/.exec(readable(letter.message))[0];
  const entered = await client.post('/sessions/code', { sign_in_id: body.sign_in_id, code, remember_device: false });
  assert.equal(entered.status, 200);
  const sent = await until(async () => { const one = await kept(wish.email); return one.sent_at ? one : null; });
  assert.deepEqual([sent.subject, sent.body, sent.attempts], ['', '', 2]);
});

test('a letter to a mailbox that does not exist is not tried again', async () => {
  smtp.recipientAnswers = ['550 no such mailbox'];
  const before_ = smtp.asked;
  const wish = accountWish();
  await new Client(server.base).post('/accounts', wish);
  const failed = await until(async () => { const one = await kept(wish.email); return one?.failed_at ? one : null; });
  assert.deepEqual([failed.attempts, failed.body, smtp.asked - before_], [1, '', 1]);
});
