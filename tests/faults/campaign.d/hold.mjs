// Standing still: processes that are stopped for a time and go on.
import { setTimeout as pause } from 'node:timers/promises';
import { freeze } from '../../support/faults.mjs';
import { signal } from './machine.mjs';

/** Stops processes for some time; those that ended meanwhile need no going on. */
export async function hold(pids, ms) {
  for (const each of pids) signal(each, 'SIGSTOP');
  await pause(ms);
  for (const each of [...pids].reverse()) signal(each, 'SIGCONT');
}

/**
 * Stops a whole standby, by its first process. From when the last of it stood still, as long as it does, nothing can be
 * counted on it: those times are told. Should another fault end it meanwhile, its keeper starts a living one.
 */
export async function holdCopy(pid, { machine, hit, tell }, then) {
  const frozen = await freeze(pid);
  // A worker that was being started meanwhile.
  for (const each of await machine.tree(pid)) signal(each, 'SIGSTOP');
  const from = performance.now();
  let to = from;
  hit();
  let over = false;
  const watch = (async () => {
    for (; !over && signal(pid, 0); await pause(5)) to = performance.now();
  })();
  await then();
  over = true;
  await watch;
  await tell({ from, to });
  for (const each of await machine.tree(pid)) signal(each, 'SIGCONT');
  frozen();
}
