// A limit for every act on something that may never answer: a crashed page, a killed browser, a server that is away.

export class Late extends Error {}

/** What `act` answers; rejects with Late when it takes longer than `ms`. The act itself cannot be called back. */
export async function within(ms, what, act) {
  let timer;
  const late = new Promise((_, fail) => {
    timer = setTimeout(() => fail(new Late(`${what} took more than ${ms / 1000} s`)), ms);
  });
  const acting = Promise.resolve().then(act);
  // It may still fail long after nobody waits for it.
  acting.catch(() => {});
  try {
    return await Promise.race([acting, late]);
  } finally {
    clearTimeout(timer);
  }
}
