/** What is measured is the mean of so long, in ms: a key frame and what a network held back are over sooner. */
const windowMs = 5000;
/** It is counted in slices of this, in ms. */
const sliceMs = 250;

/** 240 pictures a second, and as many packets of sound as the shortest of Opus give, 2.5 ms each. */
export const mostFramesPerSecond = 640;

/** What one slice of time took. */
interface Slice {
  readonly number: number;
  bytes: number;
  frames: number;
}

/**
 * Whether a source gives more than it may: bytes and frames of the last five seconds against a limit. A flood is noticed as soon
 * as it has used up the five seconds, however short it was. Pure: it is told the time, on whatever clock.
 */
export class BitrateBudget {
  readonly #limitBps: number;
  #slices: Slice[] = [];
  #bytes = 0;
  #frames = 0;

  constructor(limitBps: number) {
    this.#limitBps = limitBps;
  }

  /** @param nowMs what is a little earlier than before counts as now; further back, all begins anew */
  spend(nowMs: number, bytes: number, frames: number): void {
    const now = Math.floor(nowMs / sliceMs);
    if (now < (this.#slices.at(-1)?.number ?? now) - windowMs / sliceMs) this.#forget();
    const last = this.#slices.at(-1);
    const number = Math.max(now, last?.number ?? now);
    if (last?.number === number) {
      last.bytes += bytes;
      last.frames += frames;
    } else this.#slices.push({ number, bytes, frames });
    this.#bytes += bytes;
    this.#frames += frames;
    const outdated = number - windowMs / sliceMs;
    while ((this.#slices[0]?.number ?? number) <= outdated) {
      const [first] = this.#slices.splice(0, 1);
      this.#bytes -= first?.bytes ?? 0;
      this.#frames -= first?.frames ?? 0;
    }
  }

  /** Mean of the last five seconds, in bit/s; less before they are over. */
  get bps(): number {
    return (this.#bytes * 8000) / windowMs;
  }

  get isOver(): boolean {
    return this.bps > this.#limitBps || this.#frames > (mostFramesPerSecond * windowMs) / 1000;
  }

  #forget(): void {
    this.#slices = [];
    this.#bytes = 0;
    this.#frames = 0;
  }
}
