import { MiroliveError } from '../contract/errors.ts';

/**
 * What is being made, unless the start is called off first: then it is closed as soon as it is there.
 *
 * @throws MiroliveError SHUTTING_DOWN when called off
 */
export async function unlessAborted<T extends AsyncDisposable | undefined>(
  aborted: AbortSignal,
  making: Promise<T>,
): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(new MiroliveError('SHUTTING_DOWN', 'the start was called off'));
  if (aborted.aborted) onAbort();
  aborted.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([making, promise]);
  } catch (error) {
    making.then((made) => made?.[Symbol.asyncDispose]()).catch(() => {});
    throw error;
  } finally {
    aborted.removeEventListener('abort', onAbort);
    promise.catch(() => {});
  }
}
