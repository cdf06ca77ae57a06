/** By how much the input of `growth` grows. */
const factor = 8;

/** Far more than linear work takes, with what caches and neighbours add; far less than quadratic work does. */
export const linearGrowth = 3 * factor;

/** Quadratic work stays above `linearGrowth` however often it is measured. */
const fewestRounds = 5;
const mostRounds = 100;

/**
 * How many times the work for an input eight times as large is that for the input itself: about 8 where it is linear, 64 where
 * it is quadratic. The smaller one is done eight times at once, so that a machine that lets others in after some ms does so to both. The
 * least of several rounds counts: what a loaded machine adds to some is left out, and there are more of them for as long as it may have
 * added something to all.
 */
export function growth(size: number, prepare: (size: number) => () => void): number {
  const [small, large] = [prepare(size), prepare(size * factor)];
  let [smallMs, largeMs] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  const grown = () => (factor * largeMs) / smallMs;
  for (let round = 0; round < mostRounds; round++) {
    smallMs = Math.min(smallMs, msOf(small, factor));
    largeMs = Math.min(largeMs, msOf(large, 1));
    if (round >= fewestRounds && grown() < linearGrowth) break;
  }
  return grown();
}

function msOf(work: () => void, times: number): number {
  const beganMs = performance.now();
  for (let time = 0; time < times; time++) work();
  return performance.now() - beganMs;
}
