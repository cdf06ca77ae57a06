import type { Clock } from '../../../contract/clock.ts';

/** Resolves after so long, in ms, or as soon as `signal` aborts. */
export async function pause(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = clock.after(ms, resolve);
  const leave = () => resolve();
  signal?.addEventListener('abort', leave);
  await promise;
  signal?.removeEventListener('abort', leave);
  timer.cancel();
}
