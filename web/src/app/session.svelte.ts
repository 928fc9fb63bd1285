// Who is signed in on this browser, as the server says it. Read once at the start and again after
// every act that may change it.
import { api, onSignedOut } from '../api/client';
import type { Membership, Session, SignedIn } from '../api/types';
import type { Problem } from '../api/problem';

class SessionState {
  value = $state.raw<Session | null>(null);
  problem = $state.raw<Problem | null>(null);

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
    const answer = await api.get<Session>('/session');
    this.problem = answer.ok ? null : answer.problem;
    if (!answer.ok) return null;
    this.value = answer.value;
    return answer.value;
  }

  async signOut(): Promise<boolean> {
    const answer = await api.del('/session');
    if (answer.ok) await this.refresh();
    return answer.ok;
  }
}

export const session = new SessionState();

// A session that ended elsewhere is noticed by the first call that misses it.
onSignedOut(() => {
  if (session.signedIn && !session.signedIn.locked) void session.refresh();
});
