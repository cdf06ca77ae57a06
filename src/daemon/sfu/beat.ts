import type { Clock, Timer } from '../../contract/clock.ts';

/** Between an answer and the next question, in ms. */
const everyMs = 2000;
/** An answer that takes longer, in ms, is missed. A worker answers within a few ms, also under load. */
const answerLimitMs = 3000;
/** So many missed in a row, and it hangs. One alone may be the fault of whoever asks: this process may have stood still itself. */
const maxMissed = 3;

/** Asks again and again whether a process still answers; calls `onSilent` once where it does not. Any answer counts, however late. */
export function startBeat(clock: Clock, answers: () => Promise<unknown>, onSilent: () => void): Timer {
  let timer = clock.after(everyMs, ask);
  let missed = 0;
  let over = false;
  function ask(): void {
    timer = clock.after(answerLimitMs, () => {
      if (++missed < maxMissed) return ask();
      over = true;
      onSilent();
    });
    // A refusal is an answer too.
    answers().then(answered, answered);
  }
  function answered(): void {
    if (over) return;
    missed = 0;
    timer.cancel();
    timer = clock.after(everyMs, ask);
  }
  return {
    cancel: () => {
      over = true;
      timer.cancel();
    },
  };
}
