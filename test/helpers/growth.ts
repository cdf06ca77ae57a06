/** By how much the input of `growth` grows. */
const factor = 8;

/**
 * How many times the work for an input eight times as large is that for the input itself: about 8 where it is linear, 64 where
 * it is quadratic. What the thread itself works is counted, not what others do meanwhile.
 */
export function growth(size: number, prepare: (size: number) => () => void): number {
  const [small, large] = [size, size * factor].map((each) => leastCpuUs(prepare(each)));
  return (large ?? 0) / (small ?? 0);
}

/** Far more than linear work takes, with what caches and neighbours add; far less than quadratic work does. */
export const linearGrowth = 3 * factor;

function leastCpuUs(work: () => void): number {
  const times = Array.from({ length: 5 }, () => {
    const before = process.threadCpuUsage();
    work();
    // Their sum is exact; how it is shared between them is counted in ticks of some milliseconds.
    const { user, system } = process.threadCpuUsage(before);
    return user + system;
  });
  return Math.max(1, Math.min(...times));
}
