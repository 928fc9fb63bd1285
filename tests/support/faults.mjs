// What fault tests do to the processes and to the answers of a server under test.
import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { until } from './server.mjs';

async function children(pid) {
  const threads = await readdir(`/proc/${pid}/task`).catch(() => []);
  const lists = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8').catch(() => '')));
  return lists.join(' ').trim().split(/\s+/).filter(Boolean).map(Number);
}

/** Whether there was such a process to signal. */
function signal(pid, name) {
  try {
    return process.kill(pid, name);
  } catch (failed) {
    if (failed.code !== 'ESRCH') throw failed;
    return false;
  }
}

/** Kills a process and its children at one moment. */
export async function killWhole(pid) {
  for (const each of [...(await children(pid)), pid]) signal(each, 'SIGKILL');
}

/** Stops a process, and all its children unless `alone`; answers the function that lets them go on. */
export async function freeze(pid, { alone = false } = {}) {
  process.kill(pid, 'SIGSTOP');
  const stopped = [pid];
  // Those that ended meanwhile need no thawing; those that were killed since take no harm from it.
  for (const each of alone ? [] : await children(pid)) if (signal(each, 'SIGSTOP')) stopped.push(each);
  const thaw = () => stopped.splice(0).reverse().forEach((each) => signal(each, 'SIGCONT'));
  return Object.assign(thaw, { pids: [...stopped] });
}

export const freezePrimary = async (server) => freeze(await server.pid('primary'));
/** With its receiver: nothing is flushed on the second copy any more. */
export const freezeStandby = async (server) => freeze(await server.pid('standby'));

/** Commits wait for the standby of this machine and for each of `others`, and all of them follow. */
export const everyCopy = (server, others = [], seconds = 40) =>
  until(async () => {
    const wanted = ['manent_standby', ...others].sort().join();
    const [row] = await server.sql(`SELECT current_setting('synchronous_standby_names') AS named,
      (SELECT string_agg(application_name, ',' ORDER BY application_name) FROM pg_stat_replication
        WHERE state = 'streaming' AND sync_state = 'sync') AS following`);
    return row.following === wanted && row.named.match(/manent_\w+/g).sort().join() === wanted;
  }, seconds, `${others.length + 2} copies never came back`);
export const twoCopies = (server) => everyCopy(server);

export const ready = (server) =>
  until(async () => (await fetch(`${server.base}/readyz`)).status === 200, 40, 'never ready again');

/** Process numbers of the program's backends whose commit waits for the second copy. */
export const waiting = async (server) =>
  (await server.sql(`SELECT pid FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = 'manent_app'`)).map(({ pid }) => pid);

/** An answer and how long it took; whatever takes longer than `seconds` counts as never answered. */
export async function timed(question, seconds = 90) {
  const began = Date.now();
  let never;
  const limit = new Promise((_, reject) => (never = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), seconds * 1000)));
  const answer = await Promise.race([question, limit]).finally(() => clearTimeout(never));
  return { ...answer, took: Date.now() - began };
}

/** Sends one act under one key until it is answered with something else than 503; answers every answer on the way. */
export async function insist(send, { key = randomUUID(), seconds = 40 } = {}) {
  const answers = [];
  await until(async () => {
    answers.push(await send(key));
    return answers.at(-1).status !== 503;
  }, seconds, 'was refused for too long');
  return answers;
}
