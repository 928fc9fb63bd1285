// The same program over TLS, with a certificate of its own making: requests on a kept connection, what is too large, and
// a web socket that hears of a booking.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { Server, until } from '../support/server.mjs';
import { layPatient, layPractice, listen, slots, wish } from './booking_world.mjs';

const folder = await mkdtemp(path.join(tmpdir(), 'manent-tls-'));
const certificate = path.join(folder, 'certificate.pem');
const key = path.join(folder, 'key.pem');
const server = new Server();
const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
let practice, patient, start;

before(async () => {
  await promisify(execFile)('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
    '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-out', certificate, '-keyout', key,
  ]);
  // The serving process reads them as the unprivileged user that it is.
  await chmod(folder, 0o755);
  await chmod(key, 0o644);
  // What the test needs is laid over plain HTTP; then the same installation starts again with a certificate.
  await server.start();
  practice = await layPractice(server);
  patient = await layPatient(server);
  [start] = await slots(practice);
  await server.stop({ keep: true });
  server.port = 0;
  server.options.environment = { MANENT_HTTP_TLS_CERTIFICATE: certificate, MANENT_HTTP_TLS_KEY: key };
  await server.start();
  server.authority = await readFile(certificate);
});
after(async () => {
  agent.destroy();
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

/** A request on the one kept connection; answers status, headers, text, and whether the connection was there before. */
function ask(where, { method = 'GET', headers = {}, body } = {}) {
  return new Promise((resolve, reject) => {
    const asked = https.request(`${server.base}${where}`, { method, headers, agent, ca: server.authority }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk) => (text += chunk)).on('error', reject);
      answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text, kept: asked.reusedSocket }));
    });
    asked.on('error', reject).end(body);
  });
}
const of = (client) => ({ Cookie: `manent_session=${client.cookies.get('manent_session')}` });

test('its address says https, and nobody is answered without TLS', async () => {
  assert.match(server.base, /^https:/);
  await assert.rejects(fetch(`${server.base.replace('https:', 'http:')}/healthz`));
});

test('a connection is kept for the next request, and answers tell browsers to stay with TLS', async () => {
  const first = await ask('/healthz');
  assert.deepEqual([first.status, first.kept], [200, false]);
  assert.match(first.headers['strict-transport-security'], /max-age=/);
  const second = await ask('/api/v1/openapi.json');
  assert.deepEqual([second.status, second.kept], [200, true]);
  assert.equal(JSON.parse(second.text).openapi, '3.1.0');
});

test('a body that is too large is refused with its limit', async () => {
  const headers = { 'Content-Type': 'application/json' };
  const { status, text } = await ask('/api/v1/sessions', { method: 'POST', headers, body: ' '.repeat(10_000_000) });
  assert.equal(status, 413);
  assert.equal(JSON.parse(text).code, 'too_large');
});

test('a web socket hears of what is booked, and goes with the server', async () => {
  const { heard, close, closed } = await listen(server, `${practice.path}/live`, practice.staff);
  await until(() => heard.some((each) => each.kind === 'hello'), 5, 'no greeting');
  const made = await ask('/api/v1/appointments', {
    method: 'POST',
    headers: { ...of(patient), 'Content-Type': 'application/json', 'Idempotency-Key': randomUUID() },
    body: JSON.stringify(wish(practice, start)),
  });
  assert.equal(made.status, 201, made.text);
  await until(() => heard.some((each) => each.kind === 'schedule_changed' && each.date === start.slice(0, 10)));
  // A connection between two requests and an open web socket must not keep the server.
  server.process.kill('SIGTERM');
  await closed;
  assert.equal((await server.ended).code, 0);
  close();
});
