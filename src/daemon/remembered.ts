import type { Clock } from '../contract/clock.ts';

/** A question whose answer is given again to all who ask meanwhile and for `keepMs` after it: asked as often as anybody likes, it costs once. What fails is asked anew. */
export function remembered<T>(ask: () => Promise<T>, keepMs: number, clock: Clock): () => Promise<T> {
  let kept: { readonly answer: Promise<T>; untilMs: number } | null = null;
  return () => {
    if (kept && clock.nowMs() < kept.untilMs) return kept.answer;
    const fresh = { answer: ask(), untilMs: Number.POSITIVE_INFINITY };
    kept = fresh;
    fresh.answer.then(
      () => {
        fresh.untilMs = clock.nowMs() + keepMs;
      },
      () => {
        fresh.untilMs = 0;
      },
    );
    return fresh.answer;
  };
}
