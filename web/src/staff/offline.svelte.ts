// The session of a page that opens without a network: the last one that the server confirmed on this device, as long as
// it had not run out. Nothing is sent on its word.
import { connection } from '../api/connection.svelte';
import type { SignedIn } from '../api/types';
import { session } from '../app/session.svelte';
import { recallLast } from '../journal/presence';
import { desk } from '../journal/view.svelte';
import { patience_ms } from './kept';

const name = 'session';
const ask_every_ms = 5_000;

/** To be called while the staff's pages are set up: keeps the session, brings it back, asks until the server answers. */
export function followSession(): void {
  let recalled = $state(false);
  let late = $state(false);
  setTimeout(() => (late = true), patience_ms);
  $effect(() => {
    const { signedIn, remembered } = session;
    const { page } = desk;
    if (signedIn === null || remembered || page?.account !== signedIn.person.person_id) return;
    void page.keep({ name, value: signedIn });
  });
  $effect(() => {
    if (session.value !== null || (session.problem === null && !late) || recalled) return;
    recalled = true;
    void recallLast(name).then((value) => {
      const known = value as SignedIn | null;
      if (session.value === null && known !== null && Date.parse(known.expires_at) > Date.now()) session.remember(known);
    });
  });
  $effect(() => {
    if (session.value !== null && !session.remembered) return;
    const asking = setInterval(() => void ask(), ask_every_ms);
    addEventListener('online', ask);
    return () => {
      clearInterval(asking);
      removeEventListener('online', ask);
    };
  });
}

async function ask(): Promise<void> {
  if ((await session.refresh()) === null) return;
  connection.revive();
  desk.page?.wake();
}
