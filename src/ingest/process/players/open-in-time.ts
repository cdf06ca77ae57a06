import type { Clock } from '../../../contract/clock.ts';
import type { Input } from '../../sources/input.ts';

export interface OpenInTimeOptions {
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Nobody waits any more. */
  readonly signal: AbortSignal;
}

/**
 * Opens a source, but waits for it no longer than that: a folder of the network may never answer. What comes later is closed.
 * Rejects where it is not opened, also when the signal aborts.
 */
export async function openInTime(
  open: () => Promise<Input>,
  { timeoutMs, clock, signal }: OpenInTimeOptions,
): Promise<Input> {
  signal.throwIfAborted();
  const late = Promise.withResolvers<never>();
  let isLate = false;
  const opening = (async () => await open())();
  opening.then(
    (input) => isLate && void input[Symbol.asyncDispose](),
    () => {}, // Whoever waits hears of it.
  );
  const giveUp = (why: Error) => {
    isLate = true;
    late.reject(why);
  };
  const timer = clock.after(timeoutMs, () => giveUp(new Error(`it was not opened within ${timeoutMs} ms`)));
  const abort = () => giveUp(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([opening, late.promise]);
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', abort);
  }
}
