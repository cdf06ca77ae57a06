import type { Clock } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';

export interface InTimeOptions<T> {
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** What is done, as in 'it was not opened'. */
  readonly done: string;
  /** Nobody waits any more. */
  readonly signal?: AbortSignal | undefined;
  /** What comes when nobody waits any more. */
  readonly onLate?: (value: T) => void;
}

/**
 * Does something, but waits for it no longer than that, nor than its owner: a folder of the network may never answer, and
 * whoever asks the kernel for it cannot be called back.
 *
 * @throws MiroliveError SOURCE_TIMEOUT
 */
export async function inTime<T>(
  act: (signal: AbortSignal) => Promise<T>,
  { timeoutMs, clock, done, signal, onLate }: InTimeOptions<T>,
): Promise<T> {
  signal?.throwIfAborted();
  const ending = new AbortController();
  const late = Promise.withResolvers<never>();
  const giveUp = (why: unknown) => {
    ending.abort(why);
    late.reject(why);
  };
  const acting = (async () => await act(ending.signal))();
  acting.then(
    (value) => ending.signal.aborted && onLate?.(value),
    () => {}, // Whoever waits hears of it.
  );
  const timer = clock.after(timeoutMs, () =>
    giveUp(new MiroliveError('SOURCE_TIMEOUT', `it was not ${done} within ${timeoutMs} ms`)),
  );
  const abort = () => giveUp(signal?.reason);
  signal?.addEventListener('abort', abort);
  try {
    return await Promise.race([acting, late.promise]);
  } finally {
    timer.cancel();
    signal?.removeEventListener('abort', abort);
  }
}
