import type { Clock, Timer } from '../../../contract/clock.ts';

/** Its moments are this far apart, in ms: packets of sound of 20 ms keep their distance, that of pictures changes by less. */
const apartMs = 10;
/** A timer of the machine that comes early by no more than this, in ms, is not set again. */
const earlyMs = 1;

interface Waiting {
  /** undefined: called off, or done. */
  act: (() => void) | undefined;
}

/**
 * A clock whose timers come a little later than they are asked for, at moments that all of a process share: to wake costs more
 * than what there is to do, and each programme would wake a hundred times a second.
 */
export class SharedWakes implements Clock {
  readonly #clock: Clock;
  /** What waits, by the number of its moment. */
  readonly #waiting = new Map<number, Waiting[]>();
  /** The first of them. */
  #next = Number.POSITIVE_INFINITY;
  #timer: Timer | undefined;
  /** The last moment that came, in ms: it may not be over yet by the clock. */
  #reachedMs = Number.NEGATIVE_INFINITY;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Moments that something waits for. */
  get moments(): number {
    return this.#waiting.size;
  }

  nowMs(): number {
    return Math.max(this.#clock.nowMs(), this.#reachedMs);
  }

  wallMs(): number {
    return this.#clock.wallMs();
  }

  after(ms: number, act: () => void): Timer {
    const moment = Math.ceil((this.nowMs() + Math.max(0, ms)) / apartMs);
    const waiting: Waiting = { act };
    const others = this.#waiting.get(moment);
    if (others) others.push(waiting);
    else this.#waiting.set(moment, [waiting]);
    if (moment < this.#next) this.#await(moment);
    return { cancel: () => this.#callOff(moment, waiting) };
  }

  /** Nothing is left of it: what is far may be called off, and promised anew, again and again. */
  #callOff(moment: number, waiting: Waiting): void {
    waiting.act = undefined;
    const others = this.#waiting.get(moment);
    const index = others?.indexOf(waiting) ?? -1;
    if (index === -1) return;
    others?.splice(index, 1);
    if (others?.length === 0) this.#waiting.delete(moment);
  }

  #await(moment: number): void {
    this.#timer?.cancel();
    this.#next = moment;
    this.#timer = this.#clock.after(Math.ceil(moment * apartMs - this.#clock.nowMs()), this.#wake);
  }

  #wake = (): void => {
    const untilMs = this.#clock.nowMs() + earlyMs;
    this.#timer = undefined;
    this.#next = Number.POSITIVE_INFINITY;
    const due = [...this.#waiting.keys()].filter((moment) => moment * apartMs <= untilMs);
    try {
      for (const moment of due.sort((a, b) => a - b)) this.#reach(moment);
    } finally {
      // What was done may have set it already, to something later.
      let first = this.#next;
      for (const moment of this.#waiting.keys()) first = Math.min(first, moment);
      if (first !== this.#next) this.#await(first);
    }
  };

  /** Where one throws, the others have their turn with the next wake. */
  #reach(moment: number): void {
    const waiting = this.#waiting.get(moment) ?? [];
    this.#waiting.delete(moment);
    this.#reachedMs = moment * apartMs;
    try {
      for (let one = waiting.shift(); one; one = waiting.shift()) {
        const { act } = one;
        one.act = undefined;
        act?.();
      }
    } finally {
      const later = this.#waiting.get(moment) ?? [];
      if (waiting.length > 0) this.#waiting.set(moment, [...waiting, ...later]);
    }
  }
}
