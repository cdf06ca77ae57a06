/** By how much the input of `growth` grows. */
const factor = 8;

/** Far more than linear work takes, with what caches add; far less than quadratic work does. */
export const linearGrowth = 3 * factor;

/** A processor's time is counted by ticks of 4 ms: so much of it makes a figure, in ms. */
const enoughMs = 60;
/** What a thread does beside its work, such as clearing up, is not in all of them. */
const rounds = 8;

/**
 * How many times the work for an input eight times as large is that for the input itself: about 8 where it is linear, 64 where it is
 * quadratic. Counted by the processor's time of this thread alone, in turns, so that what else a machine does is in neither; the least of
 * several rounds counts.
 */
export function growth(size: number, prepare: (size: number) => () => void): number {
  const [small, large] = [prepare(size), prepare(size * factor)];
  // Before that they are not compiled yet.
  for (const work of [small, large]) work();
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < rounds && least > linearGrowth / 2; round++) {
    let [smallMs, largeMs] = [0, 0];
    while (smallMs < enoughMs) {
      smallMs += processorMsOf(small, factor);
      largeMs += processorMsOf(large, 1);
    }
    least = Math.min(least, (factor * largeMs) / smallMs);
  }
  return least;
}

function processorMsOf(work: () => void, times: number): number {
  const before = process.threadCpuUsage();
  for (let time = 0; time < times; time++) work();
  const { user, system } = process.threadCpuUsage(before);
  return (user + system) / 1000;
}
