import { element } from './element.ts';

/** Slow enough to be calm, fast enough to follow speech. */
const periodMs = 100;

/** The sign of a broadcast without picture: bars that the sound moves, the newest in the middle. */
export interface Meter {
  /** Moves the bars while there is nothing else to see. */
  setRunning(running: boolean): void;
}

/** @param level loudness now, 0 to 1 */
export function setUpMeter(level: () => Promise<number>): Meter {
  const bars = [...element('meter', HTMLElement).children].filter((bar) => bar instanceof HTMLElement);
  const middle = (bars.length - 1) / 2;
  let history: number[] = [];
  let timer: ReturnType<typeof setInterval> | undefined;

  async function draw(): Promise<void> {
    // The square root brings speech, which is mostly soft, to where the eye sees it.
    history = [Math.sqrt(await level()), ...history].slice(0, middle + 1);
    for (const [index, bar] of bars.entries()) {
      bar.style.setProperty('--level', (history[Math.abs(index - middle)] ?? 0).toFixed(3));
    }
  }

  return {
    setRunning(running) {
      if (running === (timer !== undefined)) return;
      clearInterval(timer);
      timer = running ? setInterval(draw, periodMs) : undefined;
      history = [];
    },
  };
}
