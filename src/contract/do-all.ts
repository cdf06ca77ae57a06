import type { EventEmitter } from 'node:events';

/** Does all of it in order: what throws holds up nothing behind it, and is thrown at the end. */
export function doAll(acts: Iterable<() => void>): void {
  const thrown: unknown[] = [];
  for (const act of acts)
    try {
      act();
    } catch (error) {
      thrown.push(error);
    }
  if (thrown.length > 0) throw thrown.length === 1 ? thrown[0] : new AggregateError(thrown);
}

/**
 * Announces a fact to all who listen. One that throws keeps it from nobody behind, nor does it hold up who announces: that is
 * nobody's error but its own, and is thrown as one that nobody has caught.
 */
export function emitToAll<E extends Record<keyof E, unknown[]>, N extends keyof E & string>(
  emitter: EventEmitter<E>,
  name: N,
  ...given: E[N]
): void {
  const { rawListeners } = emitter as EventEmitter;
  for (const listener of rawListeners.call(emitter, name))
    try {
      listener.apply(emitter, given);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
}
