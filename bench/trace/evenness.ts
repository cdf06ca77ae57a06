import { quantile } from '../row.ts';

/** One picture, or packet of sound, as it passes. */
export interface Passing {
  /** On the sender's clock. */
  readonly mediaMs: number;
  readonly atMs: number;
}

/** How evenly something passes, in ms. */
export interface Evenness {
  /** Between two that follow each other: 5 %, median, 95 %. */
  readonly gapsMs: readonly [number, number, number];
  /** Interarrival jitter (RFC 3550, 6.4.1): the mean of what it was over time. */
  readonly jitterMs: number;
}

/** The filter's gain (RFC 3550, 6.4.1). */
const gain = 1 / 16;
/** Until the filter has forgotten that it began at 0. */
const settling = 64;

/** Null where too few have passed to say. */
export function evenness(passings: readonly Passing[]): Evenness | null {
  if (passings.length <= 2 * settling) return null;
  const gaps: number[] = [];
  let [jitterMs, sum] = [0, 0];
  passings.slice(1).forEach(({ atMs, mediaMs }, index) => {
    const before = passings[index] as Passing;
    gaps.push(atMs - before.atMs);
    jitterMs += (Math.abs(atMs - before.atMs - (mediaMs - before.mediaMs)) - jitterMs) * gain;
    if (index >= settling) sum += jitterMs;
  });
  const share = (of: number) => quantile(gaps, of);
  return { gapsMs: [share(0.05), share(0.5), share(0.95)], jitterMs: sum / (gaps.length - settling) };
}
