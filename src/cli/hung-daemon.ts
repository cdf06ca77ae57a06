import { setTimeout as delay } from 'node:timers/promises';

/** So many questions in a row are left unanswered by a daemon that hangs; one is also by a client that was itself stopped for a while. */
const missed = 2;

/**
 * Asks small questions beside a long call: who leaves them unanswered does not work on it, but hangs. Ends when that is known, or when the
 * call is `over`; one that answers with an error answers.
 *
 * @param ask must end with its signal
 * @param everyMs from one question to the next, and how long one may take
 * @returns whether it hangs
 */
export async function hangs(
  ask: (signal: AbortSignal) => Promise<unknown>,
  everyMs: number,
  over: AbortSignal,
): Promise<boolean> {
  for (let misses = 0; misses < missed; ) {
    await delay(everyMs, undefined, { signal: over, ref: false }).catch(() => {});
    if (over.aborted) return false;
    const late = AbortSignal.timeout(everyMs);
    await ask(AbortSignal.any([late, over])).catch(() => {});
    misses = late.aborted ? misses + 1 : 0;
  }
  return !over.aborted;
}
