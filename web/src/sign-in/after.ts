// Where one lands after signing in: where one came from, else the practice for who works in one, else
// one's own appointments.
import { session } from '../app/session.svelte';
import { go, location } from '../navigation.svelte';
import { safeReturn } from '../router';

export function afterSignIn(): void {
  // Who works in a practice cannot enter it before the authenticator is set up: that comes first.
  if (session.memberships.length > 0 && session.signedIn?.second_factor === false) {
    go('/security', { replace: true });
    return;
  }
  const home = session.memberships.length > 0 ? '/staff' : '/appointments';
  go(safeReturn(location.query.get('return'), home), { replace: true });
}
