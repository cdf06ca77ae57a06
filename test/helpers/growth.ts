/** By how much the input of `growth` grows. */
const factor = 4;

/**
 * How many times the work for an input four times as large is that for the input itself: about 4 where it is linear, 16 where
 * it is quadratic. What the thread itself works is counted, not what others do meanwhile.
 */
export function growth(size: number, prepare: (size: number) => () => void): number {
  const [small, large] = [size, size * factor].map((each) => leastCpuUs(prepare(each)));
  return (large ?? 0) / (small ?? 0);
}

/** More than linear work takes, with what caches add; half of what quadratic work does. */
export const linearGrowth = 2 * factor;

function leastCpuUs(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const before = process.threadCpuUsage();
    work();
    return process.threadCpuUsage(before).user;
  });
  return Math.max(1, ...[Math.min(...times)]);
}
