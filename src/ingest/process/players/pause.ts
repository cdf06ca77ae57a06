import type { Clock } from '../../../contract/clock.ts';

/** Resolves after so long, in ms, or as soon as `signal` aborts. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const over = Promise.withResolvers<void>();
  const timer = clock.after(ms, over.resolve);
  signal.addEventListener('abort', () => over.resolve(), { once: true });
  await over.promise;
  timer.cancel();
}
