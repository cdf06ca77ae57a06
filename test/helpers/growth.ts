/** By how much the input of `growth` grows. */
const factor = 8;

/** Far more than linear work takes, with what caches and neighbours add; far less than quadratic work does. */
export const linearGrowth = 3 * factor;

/** Quadratic work stays above `linearGrowth` however often it is measured. */
const fewestRounds = 5;
const mostRounds = 100;

/**
 * How many times the work for an input eight times as large is that for the input itself: about 8 where it is linear, 64 where
 * it is quadratic. The least of several rounds counts: what a loaded machine adds to some is left out, and there are more of them
 * for as long as it may have added something to all.
 */
export function growth(size: number, prepare: (size: number) => () => void): number {
  const [small, large] = [prepare(size), prepare(size * factor)];
  let [smallMs, largeMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < mostRounds; round++) {
    smallMs = Math.min(smallMs, msOf(small));
    largeMs = Math.min(largeMs, msOf(large));
    if (round >= fewestRounds && largeMs / smallMs < linearGrowth) break;
  }
  return largeMs / smallMs;
}

function msOf(work: () => void): number {
  const beganMs = performance.now();
  work();
  return performance.now() - beganMs;
}
