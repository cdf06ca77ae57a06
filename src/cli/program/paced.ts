import { type Clock, pause } from '../../contract/clock.ts';

/** How often something is given. */
export interface Pace {
  readonly clock: Clock;
  /** Not before so long after the one before, in ms; of what comes meanwhile the latest is given. */
  readonly everyMs: number;
  /** After so long without anything new the latest is given again, in ms. */
  readonly againMs: number;
}

/** The latest of what comes, at this pace, whatever its own. Ends with it, or with `signal`, which has to end it too. */
export async function* paced<T>(
  source: AsyncIterable<T>,
  { clock, everyMs, againMs }: Pace,
  signal: AbortSignal,
): AsyncGenerator<T> {
  const told: { value?: T; isNew: boolean; isOver: boolean } = { isNew: false, isOver: false };
  let news = Promise.withResolvers<void>();
  const reading = (async () => {
    try {
      for await (const value of source) {
        Object.assign(told, { value, isNew: true });
        news.resolve();
      }
    } finally {
      told.isOver = true;
      news.resolve();
    }
  })();
  // It is thrown at the end, behind what came before.
  reading.catch(() => {});
  while (!signal.aborted) {
    if (!told.isNew && !told.isOver) await soonOr(news.promise, clock, againMs, signal);
    if (signal.aborted || (told.isOver && !told.isNew)) break;
    news = Promise.withResolvers();
    told.isNew = false;
    if ('value' in told) yield told.value as T;
    if (!told.isOver) await pause(clock, everyMs, signal);
  }
  await reading;
}

/** Resolves with what is waited for, or after so long. */
async function soonOr(awaited: Promise<void>, clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  await Promise.race([awaited, pause(clock, ms, AbortSignal.any([signal, over.signal]))]);
  over.abort();
}
