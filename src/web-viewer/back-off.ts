const firstMs = 1000;
const longestMs = 10_000;
/** For each of an audience that comes back, in ms: no more than 200 in a second. */
const spreadPerViewerMs = 5;
/** Nobody waits longer than this for others to come back first, in ms. */
const widestMs = 3000;

/**
 * How long to wait before the next try, in ms: between half and all of 1, 2, 4, 8, 10, 10 … s, so 0.5 s at the
 * least and 10 s at the most, and by an audience's size longer for the first. The jitter keeps a whole audience from coming back in the same moment.
 * @param failures tries that failed in a row, 0 for the first
 * @param random 0 ≤ random < 1
 * @param viewers how many watched when the first try failed
 */
export function backOffMs(failures: number, random: number, viewers: number): number {
  const halfMs = Math.min(longestMs, firstMs * 2 ** failures) / 2;
  return spread(halfMs, halfMs, failures === 0 ? viewers : 0, random);
}

/** When one of an audience is to come back, in ms. @param leastMs by itself it comes so late, and up to `widthMs` later */
export function spread(leastMs: number, widthMs: number, viewers: number, random: number): number {
  const wideMs = Math.max(widthMs, Math.min(widestMs, viewers * spreadPerViewerMs));
  return Math.round(leastMs + wideMs * random);
}
