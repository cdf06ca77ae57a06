import { type Clock, every } from '../../../contract/clock.ts';

/** What the daemon tells is drawn so long after it, in ms, with all that comes meanwhile. */
const drawnAfterMs = 100;
/** Keys that come faster, as where one is held down, are drawn together: more is not seen over a line. In ms. */
const apartMs = 50;
/** What counts on by itself is drawn so long after what was drawn before, where the daemon tells nothing meanwhile. In ms. */
const secondMs = 1000;

/** When a screen is drawn. */
export interface Pacing extends Disposable {
  readonly atOnce: () => void;
  readonly afterKey: () => void;
  readonly afterNews: () => void;
}

/** Draws as often as is seen, until it is disposed of, whatever somebody does to the wall clock. */
export function paceDrawing(clock: Clock, draw: () => void): Pacing {
  let [drawnMs, awaited] = [clock.nowMs(), null as ReturnType<Clock['after']> | null];
  const atOnce = () => {
    awaited?.cancel();
    awaited = null;
    drawnMs = clock.nowMs();
    draw();
  };
  const counting = every(clock, secondMs / 2, () => {
    if (clock.nowMs() - drawnMs > secondMs) atOnce();
  });
  return {
    atOnce,
    afterKey() {
      awaited?.cancel();
      awaited = clock.after(drawnMs + apartMs - clock.nowMs(), atOnce);
    },
    afterNews() {
      awaited ??= clock.after(drawnAfterMs, atOnce);
    },
    [Symbol.dispose]() {
      awaited?.cancel();
      counting.cancel();
    },
  };
}
