// Signing in step by step: what each answer leads to, and what is kept from one form to the next.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { session } from '../app/session.svelte';
import { SignInFlow } from './flow.svelte';

type Reply = [status: number, body: unknown];
const replies = new Map<string, Reply[]>();
const asked: string[] = [];

function reply(call: string, ...answers: Reply[]): void {
  replies.set(call, answers);
}
const codeBy = (channel: string): Reply => [200, { state: 'code_required', channel, sign_in_id: 's1' }];
const signedIn: Reply = [200, { signed_in: true, locked: false, memberships: [], demonstration: null }];

beforeEach(() => {
  replies.clear();
  asked.length = 0;
  session.value = null;
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const call = `${init.method} ${url.replace('/api/v1', '')}`;
    asked.push(call);
    const waiting = replies.get(call);
    const next = waiting && waiting.length > 1 ? waiting.shift() : waiting?.[0];
    if (!next) throw new Error(`nothing answers ${call}`);
    return new Response(JSON.stringify(next[1]), { status: next[0] });
  });
});
afterEach(() => vi.unstubAllGlobals());

test('a known device needs no code', async () => {
  const done = vi.fn();
  reply('POST /sessions', [200, { state: 'signed_in' }]);
  reply('GET /session', signedIn);
  await new SignInFlow('sign_in', done).signIn();
  expect(done).toHaveBeenCalledTimes(1);
});

test('a new device is asked for the code, and a wrong one can be corrected', async () => {
  const [done, codeSent] = [vi.fn(), vi.fn()];
  const flow = new SignInFlow('sign_in', done, codeSent);
  reply('POST /sessions', codeBy('mail'));
  reply('POST /sessions/code', [401, { code: 'wrong_code', detail: 'Relisez-le.' }], [200, { state: 'signed_in' }]);
  reply('GET /session', signedIn);
  await flow.signIn();
  expect([flow.mode, codeSent.mock.calls.length]).toEqual(['code', 1]);
  await flow.sendCode(false);
  expect([flow.mode, flow.problem?.code, done.mock.calls.length]).toEqual(['code', 'wrong_code', 0]);
  await flow.sendCode(false);
  expect([flow.problem, done.mock.calls.length]).toEqual([null, 1]);
});

test('an authenticator’s code is not on its way to a mailbox', async () => {
  const codeSent = vi.fn();
  reply('POST /sessions', codeBy('totp'));
  await new SignInFlow('sign_in', () => {}, codeSent).signIn();
  expect(codeSent).not.toHaveBeenCalled();
});

test('another code is asked for as the first one was', async () => {
  const flow = new SignInFlow('forgot', () => {});
  reply('POST /password-resets', codeBy('mail'), [202, { state: 'code_required', channel: 'mail', sign_in_id: 's2' }]);
  await flow.forgot();
  await flow.resend();
  expect([flow.mode, flow.step?.sign_in_id, flow.resent]).toEqual(['new_password', 's2', true]);
});

test('a refusal leaves what was typed', async () => {
  const flow = new SignInFlow('sign_in', () => {});
  Object.assign(flow, { email: 'a@b.fr', password: 'secret' });
  reply('POST /sessions', [401, { code: 'wrong_credentials' }]);
  await flow.signIn();
  expect([flow.mode, flow.email, flow.password, flow.problem?.code]).toEqual([
    'sign_in',
    'a@b.fr',
    'secret',
    'wrong_credentials',
  ]);
});

test('a browser that keeps no cookie is told so', async () => {
  const flow = new SignInFlow('sign_in', () => {});
  reply('POST /sessions', [200, { state: 'signed_in' }]);
  reply('GET /session', [200, { signed_in: false, demonstration: null }]);
  await flow.signIn();
  expect(flow.problem?.code).toBe('no_session');
});

test('a person of the demonstration signs in with the code that is valid now', async () => {
  const account = { label: 'Dr', role: 'practitioner', email: 'g@x.fr', password: 'p', totp: '111111' } as const;
  const now = { ...account, totp: '222222' };
  const done = vi.fn();
  reply('GET /demonstration/mailbox', [200, { items: [] }]);
  reply('POST /sessions', codeBy('totp'));
  reply('GET /session', [200, { signed_in: false, demonstration: { accounts: [now] } }], signedIn);
  reply('POST /sessions/code', [200, { state: 'signed_in' }]);
  const flow = new SignInFlow('sign_in', done);
  await flow.signInAs(account);
  expect(done).toHaveBeenCalledTimes(1);
});

test('a mailed code of the demonstration is the new one, not an earlier one', async () => {
  const account = { label: 'L', role: 'patient', email: 'l@x.fr', password: 'p', totp: null } as const;
  const mail = (mail_id: string, code: string, to = 'l@x.fr') => ({ mail_id, to, text: `Votre code : ${code}` });
  reply('GET /demonstration/mailbox', [200, { items: [mail('1', '111111')] }], [
    200,
    { items: [mail('3', '333333', 'm@x.fr'), mail('2', '222222'), mail('1', '111111')] },
  ]);
  reply('POST /sessions', codeBy('mail'));
  reply('POST /sessions/code', [401, { code: 'wrong_code' }]);
  const flow = new SignInFlow('sign_in', () => {});
  await flow.signInAs(account);
  expect(flow.code).toBe('222222');
});

test('when every code of this half minute has served, the demonstration waits for the next one', async () => {
  vi.useFakeTimers();
  try {
    const done = vi.fn();
    const shows = (totp: string | null): Reply => [
      200,
      { signed_in: totp === null, locked: false, memberships: [], demonstration: { accounts: [{ email: 'a@b.fr', totp }] } },
    ];
    reply('GET /demonstration/mailbox', [200, { items: [] }]);
    reply('POST /sessions', codeBy('totp'));
    reply('GET /session', shows(null), shows('123456'), signedIn);
    reply('POST /sessions/code', [200, { state: 'signed_in' }]);
    const flow = new SignInFlow('sign_in', done);
    const under_way = flow.signInAs({ label: 'A', role: 'practitioner', email: 'a@b.fr', password: 'secret', totp: null });
    await vi.advanceTimersByTimeAsync(500);
    expect([flow.awaitingCode, asked.includes('POST /sessions/code')]).toEqual([true, false]);
    await vi.advanceTimersByTimeAsync(1000);
    await under_way;
    expect([flow.awaitingCode, done.mock.calls.length]).toEqual([false, 1]);
  } finally {
    vi.useRealTimers();
  }
});
