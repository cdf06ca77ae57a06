import type { Clock, Timer } from '../../contract/clock.ts';

/** Between an answer and the next question, in ms. */
const everyMs = 2000;
/** An answer that takes longer, in ms, is missed. A worker answers within a few ms, also under load. */
const answerLimitMs = 3000;
/** So many missed in a row, and it hangs. One alone may be the fault of whoever asks: this process may have stood still itself. */
const maxMissed = 3;

/** Asks again and again whether a process still answers; calls `onSilent` once where it does not. */
export function startBeat(clock: Clock, answers: () => Promise<unknown>, onSilent: () => void): Timer {
  let timer: Timer;
  let asked = 0;
  let missed = 0;
  function ask(): void {
    const question = ++asked;
    timer = clock.after(answerLimitMs, () => {
      if (++missed < maxMissed) ask();
      else onSilent();
    });
    // A refusal is an answer too.
    const answered = () => {
      if (question === asked) wait();
    };
    answers().then(answered, answered);
  }
  function wait(): void {
    asked++;
    missed = 0;
    timer?.cancel();
    timer = clock.after(everyMs, ask);
  }
  wait();
  return {
    cancel: () => {
      asked++;
      timer.cancel();
    },
  };
}
