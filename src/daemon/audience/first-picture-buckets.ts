/**
 * Up to which time to the first picture each bucket counts, in ms; one more has what took longer. Fixed, so that those of minutes, rooms and runs of the
 * daemon add up: finer below a second, where a viewer tells a quarter of one, and to a minute, when nobody waits any more.
 */
export const firstPictureBuckets = [
  250, 500, 750, 1000, 1500, 2000, 3000, 5000, 7500, 10_000, 15_000, 30_000, 60_000,
] as const;

/** The bucket of a time. */
export function bucketOf(ms: number): number {
  const found = firstPictureBuckets.findIndex((most) => ms <= most);
  return found === -1 ? firstPictureBuckets.length : found;
}

/** What a share of all took at most, in ms, evenly within its bucket; a minute where it is longer. null: there are none. @param share 0 to 1 */
export function percentile(counts: readonly number[], share: number): number | null {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return null;
  let below = 0;
  for (const [bucket, mostMs] of firstPictureBuckets.entries()) {
    const count = counts[bucket] ?? 0;
    if (count > 0 && below + count >= all * share) {
      const leastMs = firstPictureBuckets[bucket - 1] ?? 0;
      return Math.round(leastMs + ((all * share - below) / count) * (mostMs - leastMs));
    }
    below += count;
  }
  return firstPictureBuckets.at(-1) ?? null;
}
