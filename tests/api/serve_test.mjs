// The program as a whole: starting, stopping, starting again, and what it answers to those who ask badly.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import net from 'node:net';
import { Client, Server, until } from '../support/server.mjs';

const server = new Server();
before(() => server.start());
after(() => server.stop());

/** Sends raw bytes and answers everything that came back until the other side closed or a second was silent. */
function raw(text, { pause = 1000 } = {}) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(server.port, '127.0.0.1', () => socket.write(text));
    let came = '';
    socket.setTimeout(pause, () => socket.destroy());
    socket.on('data', (chunk) => (came += chunk));
    socket.on('close', () => resolve(came));
    socket.on('error', reject);
  });
}

test('health, readiness and metrics answer', async () => {
  assert.equal((await fetch(`${server.base}/healthz`)).status, 200);
  assert.equal((await fetch(`${server.base}/readyz`)).status, 200);
  assert.match(await (await fetch(`${server.base}/metrics`)).text(), /manent_http_answers_total/);
});

test('the description of the API is OpenAPI 3.1 and names every route once', async () => {
  const { body } = await new Client(server.base).get('/openapi.json');
  assert.equal(body.openapi, '3.1.0');
  const operations = Object.values(body.paths).flatMap((p) => Object.values(p).map((o) => o.operationId));
  assert.equal(new Set(operations).size, operations.length);
  assert.ok(operations.includes('healthz'));
});

test('every answer carries the strict headers and a request id', async () => {
  const answer = await fetch(`${server.base}/healthz`);
  assert.match(answer.headers.get('content-security-policy'), /default-src 'self'/);
  assert.equal(answer.headers.get('x-content-type-options'), 'nosniff');
  assert.match(answer.headers.get('x-request-id'), /^[\w-]{16}$/);
});

test('an unknown path is a problem in the language that was asked for', async () => {
  const { status, body } = await new Client(server.base, { language: 'en' }).get('/nothing');
  assert.equal(status, 404);
  assert.equal(body.code, 'not_found');
  const french = await new Client(server.base).get('/nothing');
  assert.notEqual(french.body.detail, body.detail);
});

test('a malformed request line, a huge header and dot segments are refused', async () => {
  assert.match(await raw('NONSENSE\r\n\r\n'), /^HTTP\/1\.1 400/);
  assert.match(await raw(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(70000)}\r\n\r\n`), /^HTTP\/1\.1 431/);
  assert.match(await raw('GET /api/v1/%2e%2e/%2e%2e/secret HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 400/);
});

test('an unsafe request from another site is refused', async () => {
  const { status, body } = await new Client(server.base).post('/sessions', {}, { Origin: 'https://elsewhere.example' });
  assert.equal(status, 403);
  assert.equal(body.code, 'cross_site');
});

test('a half-closed or silent connection does not keep others waiting', async () => {
  const silent = Array.from({ length: 20 }, () => net.connect(server.port, '127.0.0.1'));
  assert.equal((await fetch(`${server.base}/healthz`)).status, 200);
  for (const each of silent) each.destroy();
});

test('two copies are named within seconds of a start', async () => {
  const names = await until(async () => (await server.psql('SHOW synchronous_standby_names')).trim());
  assert.equal(names, 'manent_standby');
});

test('a second keeper on the same folder is refused with the way on', async () => {
  const second = new Server({ data: server.data });
  second.data = server.data;
  await assert.rejects(second.start(), /runs already/);
});

test('a wrong setting is named', async () => {
  await assert.rejects(
    new Server({ data: server.data, environment: { MANENT_HTTP_PORT: 'many' } }).command('migrate'),
    /MANENT_HTTP_PORT \(http.port\) takes a whole number/,
  );
});
