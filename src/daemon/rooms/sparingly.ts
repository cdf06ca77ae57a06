import type { Clock } from '../../contract/clock.ts';

/** Acts when it is called, but not again within so many ms: then it does nothing. */
export function sparingly(clock: Pick<Clock, 'nowMs'>, everyMs: number, act: () => void): () => void {
  let notBeforeMs = Number.NEGATIVE_INFINITY;
  return () => {
    const nowMs = clock.nowMs();
    if (nowMs < notBeforeMs) return;
    notBeforeMs = nowMs + everyMs;
    act();
  };
}
