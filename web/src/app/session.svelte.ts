// Who is signed in on this browser, as the server says it. Read once at the start and again after
// every act that may change it.
import { api, onSignedOut } from '../api/client';
import type { Membership, Session, SignedIn } from '../api/types';
import type { Problem } from '../api/problem';

class SessionState {
  value = $state.raw<Session | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Not from the server but from this device, which could not reach it: nothing is sent until the server has spoken. */
  remembered = $state(false);

  get signedIn(): SignedIn | null {
    return this.value?.signed_in ? this.value : null;
  }
  get memberships(): Membership[] {
    return this.signedIn?.memberships ?? [];
  }
  get demonstration() {
    return this.value?.demonstration ?? null;
  }

  async refresh(): Promise<Session | null> {
    const answer = await api.get('/session');
    this.problem = answer.ok ? null : answer.problem;
    if (!answer.ok) return null;
    // The document tells the two kinds apart by their members; the screens by `signed_in`.
    this.value = answer.value as Session;
    this.remembered = false;
    return this.value;
  }

  /** Who was here last, for a page that opens without a network. */
  remember(signed_in: SignedIn): void {
    this.value = signed_in;
    this.remembered = true;
  }

  async signOut(): Promise<boolean> {
    const leaving = this.signedIn?.person.person_id ?? null;
    const answer = await api.del('/session');
    if (!answer.ok) return false;
    if (leaving !== null) await forgetOnDevice(leaving);
    await this.refresh();
    return true;
  }
}

/** The staff's journal lets go of its keys; loaded only now, for patients have none. */
async function forgetOnDevice(account: string): Promise<void> {
  const other_tabs = new BroadcastChannel('manent-session');
  other_tabs.postMessage({ left: account });
  other_tabs.close();
  try {
    const { leaveDevice } = await import('../journal/presence');
    await leaveDevice(account);
  } catch {
    // Without this part the keys stay until the next sign-in on this device lets go of them.
  }
}

export const session = new SessionState();

// A session that ended elsewhere is noticed by the first call that misses it.
onSignedOut(() => {
  if (session.signedIn && !session.signedIn.locked) void session.refresh();
});
