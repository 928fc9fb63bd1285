// Where one lands after signing in: where one came from, else the practice for who works in one, else
// one's own appointments.
import { session } from '../app/session.svelte';
import { go, location } from '../navigation.svelte';
import { safeReturn } from '../router';

export function afterSignIn(): void {
  const home = session.memberships.length > 0 ? '/staff' : '/appointments';
  const wanted = safeReturn(location.query.get('return'), home);
  // A practice cannot be entered before the authenticator is set up: that comes first.
  const barred = wanted.startsWith('/staff') && session.signedIn?.second_factor === false;
  go(barred ? '/security' : wanted, { replace: true });
}
