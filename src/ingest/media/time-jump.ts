/**
 * Times of one source that are further apart than this, in µs, have jumped: nobody waits for what lies between. Longer than
 * any pause that is meant, such as that of a slide show without sound.
 */
export const jumpUs = 30_000_000;

/** Whether from one time to the next, in µs, something begins to count anew, forward or back. */
export function jumps(fromUs: number, toUs: number): boolean {
  return Math.abs(toUs - fromUs) > jumpUs;
}
