// The steps of signing in, as state that several forms share: what was typed in one is there in the
// next, and a code belongs to the step that asked for it.
import { api } from '../api/client';
import type { Answer, Problem } from '../api/problem';
import type {
  AccountWish,
  CodeRequired,
  DemonstrationAccount,
  DemonstrationMail,
  Schemas,
  SignInStep,
} from '../api/types';
import { session } from '../app/session.svelte';
import { t } from '../words/words.svelte';

export type Mode = 'sign_in' | 'create' | 'forgot' | 'code' | 'new_password';

const mailTries = 12;
const mailPauseMs = 700;
// An authenticator shows a new code every 30 s, and one that served is not taken again.
const totpTries = 40;
const totpPauseMs = 1000;

export class SignInFlow {
  mode = $state<Mode>('sign_in');
  email = $state('');
  password = $state('');
  code = $state('');
  step = $state.raw<CodeRequired | null>(null);
  problem = $state.raw<Problem | null>(null);
  busy = $state(false);
  /** Said once a code was sent again. */
  resent = $state(false);
  /** The demonstration's codes of this half minute have all served. */
  awaitingCode = $state(false);
  #done: () => void;
  #codeSent: () => void;
  #again: (() => Promise<Answer<SignInStep>>) | null = null;

  /** `done` runs once somebody is signed in, `codeSent` when a code is on its way to a mailbox. */
  constructor(mode: Mode, done: () => void, codeSent: () => void = () => {}) {
    this.mode = mode;
    this.#done = done;
    this.#codeSent = codeSent;
  }

  show(mode: Mode): void {
    this.mode = mode;
    this.problem = null;
    this.code = '';
    this.resent = false;
  }

  signIn(): Promise<void> {
    const body: Schemas['identity_sign_in_request'] = { email: this.email.trim(), password: this.password };
    return this.#start(() => api.post('/sessions', { body }));
  }

  createAccount(wish: AccountWish): Promise<void> {
    return this.#start(() => api.post('/accounts', { body: wish }));
  }

  forgot(): Promise<void> {
    const body: Schemas['identity_forgotten_request'] = { email: this.email.trim() };
    return this.#start(() => api.post('/password-resets', { body }), 'new_password');
  }

  async resend(): Promise<void> {
    if (!this.#again) return;
    const answer = await this.#while(this.#again);
    if (answer.ok && 'sign_in_id' in answer.value) this.step = answer.value;
    this.resent = answer.ok;
  }

  async sendCode(rememberDevice: boolean): Promise<void> {
    if (!this.step) return;
    const { sign_in_id } = this.step;
    const code = tidyCode(this.code);
    const body: Schemas['identity_code_request'] = { sign_in_id, code, remember_device: rememberDevice };
    const answer = await this.#while(() => api.post('/sessions/code', { body }));
    if (answer.ok) await this.#finish();
  }

  async setPassword(): Promise<void> {
    if (!this.step) return;
    const { sign_in_id } = this.step;
    const code = tidyCode(this.code);
    const body: Schemas['identity_new_password_request'] = { sign_in_id, code, password: this.password };
    const answer = await this.#while(() => api.post('/password-resets/confirm', { body }));
    if (answer.ok) await this.#finish();
  }

  /** Signs in one of the demonstration's people, fetching the code that a real person would read. */
  async signInAs(chosen: DemonstrationAccount): Promise<void> {
    this.email = chosen.email;
    this.password = chosen.password;
    const earlier = new Set((await mailsTo(chosen.email)).map((each) => each.mail_id));
    await this.signIn();
    const step = this.step;
    if (this.mode !== 'code' || !step) return;
    this.busy = true;
    this.code = step.channel === 'totp' ? await this.#freshTotp(chosen.email) : await mailedCode(chosen.email, earlier);
    this.busy = false;
    // The device is remembered, so that trying things out does not use up the codes of an hour.
    if (this.code) await this.sendCode(true);
  }

  // The codes that the session lists change with the time, so they are asked again just before use.
  async #freshTotp(email: string): Promise<string> {
    for (let attempt = 0; attempt < totpTries && this.mode === 'code'; attempt += 1) {
      await session.refresh();
      const code = session.demonstration?.accounts.find((each) => each.email === email)?.totp;
      this.awaitingCode = !code;
      if (code) return code;
      await new Promise((done) => setTimeout(done, totpPauseMs));
    }
    this.awaitingCode = false;
    return '';
  }

  async #start(ask: () => Promise<Answer<SignInStep>>, next: Mode = 'code'): Promise<void> {
    const answer = await this.#while(ask);
    if (!answer.ok) return;
    if (!('sign_in_id' in answer.value)) return this.#finish();
    this.#again = ask;
    this.step = answer.value;
    if (answer.value.channel === 'mail') this.#codeSent();
    this.show(next);
  }

  async #while<T>(ask: () => Promise<Answer<T>>): Promise<Answer<T>> {
    this.busy = true;
    this.problem = null;
    this.resent = false;
    const answer = await ask();
    this.busy = false;
    this.problem = answer.ok ? null : answer.problem;
    return answer;
  }

  async #finish(): Promise<void> {
    this.password = '';
    this.code = '';
    await session.refresh();
    if (session.signedIn) this.#done();
    else this.problem = session.problem ?? { status: 0, code: 'no_session', title: '', detail: t('sign_in.no_cookie') };
  }
}

/** Codes are read aloud, copied with spaces, typed in groups: none of that is part of the code. */
export function tidyCode(typed: string): string {
  return typed.replace(/[\s.]/g, '');
}

async function mailsTo(email: string): Promise<DemonstrationMail[]> {
  const answer = await api.get('/demonstration/mailbox');
  return answer.ok ? answer.value.items.filter((each) => each.to.includes(email)) : [];
}

// An earlier mail carries an earlier code, which no longer counts.
async function mailedCode(email: string, earlier: ReadonlySet<string>): Promise<string> {
  for (let attempt = 0; attempt < mailTries; attempt += 1) {
    const fresh = (await mailsTo(email)).find((each) => !earlier.has(each.mail_id));
    const code = fresh && /\b\d{6}\b/.exec(fresh.text)?.[0];
    if (code) return code;
    await new Promise((done) => setTimeout(done, mailPauseMs));
  }
  return '';
}
