import type { Clock, Timer } from '../../contract/clock.ts';

/** The wall clock may be set: it is looked at again after so long, in ms. */
const lookAgainMs = 60_000;

/** Calls `act` when the wall clock has reached a moment, in ms since 1970; null: never. Gives the function that stops waiting. */
export function onceReached(clock: Clock, at: number | null, act: () => void): () => void {
  if (at === null) return () => {};
  let timer: Timer;
  const wait = () => {
    const leftMs = at - clock.wallMs();
    timer = clock.after(Math.min(leftMs, lookAgainMs), leftMs > lookAgainMs ? wait : act);
  };
  wait();
  return () => timer.cancel();
}
