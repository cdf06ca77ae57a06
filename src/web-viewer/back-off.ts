const firstMs = 1000;
const longestMs = 10_000;

/**
 * How long to wait before the next try, in ms: between half and all of 1, 2, 4, 8, 10, 10 … s, so 0.5 s at the
 * least and 10 s at the most. The jitter keeps a whole audience from coming back in the same moment.
 * @param failures tries that failed in a row, 0 for the first
 * @param random 0 ≤ random < 1
 */
export function backOffMs(failures: number, random: number): number {
  const ceilingMs = Math.min(longestMs, firstMs * 2 ** failures);
  return Math.round(ceilingMs * (0.5 + random / 2));
}
