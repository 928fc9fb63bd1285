// What befalls two tabs while somebody types in them: drawn from a seed before the first word, so that a seed meets the
// same blows at the same words again. Each act returns once the blow has fallen and what it began has ended.
import { setTimeout as pause } from 'node:timers/promises';
import { between, pick } from '../support/clinical_text.mjs';
import { until } from '../support/server.mjs';
import { within } from '../support/within.mjs';

const weights = {
  kill_tab: 4, close_tab: 3, kill_renderers: 1, kill_browser: 1, cut_network: 4, expire_session: 1, kill_server: 2, kill_primary: 2, update: 1,
};
export const kinds = Object.keys(weights);
const drawn = Object.entries(weights).flatMap(([name, weight]) => Array(weight).fill(name));

/**
 * `count` blows over the length of the text, at a share of it each and a moment later. Every kind comes once, as far as
 * they fit, in an order of its own; what a blow has to choose is drawn here as well. Some fall upon another one's heels.
 */
export function planOf(random, count) {
  const first = kinds.map((name) => [random(), name]).sort(([a], [b]) => a - b).map(([, name]) => name);
  let share = 0;
  return Array.from({ length: count }, (_, i) => {
    if (i === 0 || random() < 0.75) share = Math.max(share, ((i + random()) / count) * 0.95);
    return {
      name: first[i] ?? pick(random, drawn), share, delay_ms: between(random, 0, 1_200), lasts_ms: between(random, 300, 4_000),
      tab: random() < 0.5 ? 0 : 1, coin: random() < 0.5,
    };
  });
}

/** The blows themselves. `run` gives what they strike: the desk, the server, the two scribes, a way to sign in. */
export const blows = {
  async kill_tab(run, { tab }) {
    const { page } = run.scribes[tab];
    if (page === null || page.isClosed() || page.crashed) return false;
    const channel = await within(5_000, 'a channel to the tab', () => page.context().newCDPSession(page));
    // A page that crashes answers nothing.
    void channel.send('Page.crash').catch(() => {});
    await until(() => page.crashed || page.isClosed(), 10, 'the tab did not crash');
    return true;
  },
  async close_tab(run, { tab }) {
    const { page } = run.scribes[tab];
    if (page === null || page.isClosed()) return false;
    await run.desk.closePage(page);
    return true;
  },
  async kill_renderers(run) {
    await run.desk.killRenderers();
    return true;
  },
  async kill_browser(run) {
    await run.desk.kill();
    await run.desk.start();
    return true;
  },
  async cut_network(run, { lasts_ms }) {
    try {
      await run.desk.offline(true);
      await pause(lasts_ms);
    } finally {
      // Joined again whatever happened, or all that follows would be typed without a network.
      await run.desk.offline(false);
    }
    return true;
  },
  async expire_session(run, { lasts_ms }) {
    const expire = () => run.server.psql(`UPDATE manent.session SET expires_at = now() - interval '1 second' WHERE revoked_at IS NULL`);
    await until(() => expire().then(() => true), 60, 'no session could be ended');
    await pause(lasts_ms);
    // With the server away nobody signs in: again, as anybody would.
    await until(() => run.enter().then(() => true), 150, 'nobody could sign in again');
    return true;
  },
  async kill_server(run) {
    await until(async () => end(await run.server.pid('server')), 30, 'no server to kill');
    return true;
  },
  async kill_primary(run, { coin }) {
    await until(async () => end(await run.server.pid('primary')), 30, 'no primary to kill');
    if (coin) await blows.kill_server(run);
    return true;
  },
  async update(run) {
    // The files in the folder are read at the start: the old ones are gone with the old process.
    await run.replaceFiles();
    return blows.kill_server(run);
  },
};

function end(pid) {
  process.kill(pid, 'SIGKILL');
  return true;
}
