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

/** Emits to all who listen: one that throws keeps it from nobody behind. */
export function emitToAll<E extends Record<keyof E, unknown[]>, N extends keyof E & string>(
  emitter: EventEmitter<E>,
  name: N,
  ...given: E[N]
): void {
  const { rawListeners } = emitter as EventEmitter;
  const listeners = rawListeners.call(emitter, name);
  doAll(listeners.map((listener) => () => void listener.apply(emitter, given)));
}
