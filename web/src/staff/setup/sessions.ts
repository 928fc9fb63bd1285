// How long staff may stay signed in, as it is offered.

const offered = [15, 30, 60, 120, 240, 480, 720, 1440];

/** In minutes, ascending; with the length that is set, which may be none of those offered. */
export function sessionLengths(set: number): number[] {
  return [...new Set([...offered, set])].sort((a, b) => a - b);
}
