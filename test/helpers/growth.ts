/** By how much the input of `growth` grows. */
const factor = 8;

/**
 * How many times the work for an input eight times as large is that for the input itself: about 8 where it is linear, 64 where
 * it is quadratic. The least of several rounds counts: what a loaded machine adds to some is left out.
 */
export function growth(size: number, prepare: (size: number) => () => void): number {
  const [small, large] = [size, size * factor].map((each) => leastMs(prepare(each)));
  return (large ?? 0) / (small ?? 0);
}

/** Far more than linear work takes, with what caches and neighbours add; far less than quadratic work does. */
export const linearGrowth = 3 * factor;

function leastMs(work: () => void): number {
  const times = Array.from({ length: 9 }, () => {
    const beganMs = performance.now();
    work();
    return performance.now() - beganMs;
  });
  return Math.min(...times);
}
