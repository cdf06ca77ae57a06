import { BackOff, usualBackOff } from '../../../contract/back-off.ts';

/** Failures in a row at the same place of a source, after which it is given up. */
export const maxFailures = 5;
/** An ffmpeg that came so much further, in µs, was worth its start: the next one is begun at once, before viewers see anything. */
export const worthUs = 250_000;
/** What has been read ahead lasts for 2 s: so long nobody sees that a file is read anew. */
const rereadBackOff = { ...usualBackOff, firstMs: 200 };

/** What kind of failure it was: of the source's way, of its plan, or of itself. */
export type Blame = 'nobody' | 'plan' | 'source';

/** How often a source has failed, and where; kept when it is begun again at its place. Pure: it is told the time. */
export class Progress {
  readonly #backOff = new BackOff(rereadBackOff);
  /** In a row, at the same place. */
  failures = 0;
  /** How far it had come when it failed last, in µs. */
  failedAtUs = Number.NEGATIVE_INFINITY;
  /** Why it failed last; null: it did not. */
  message: string | null = null;

  /** Whether it failed there before. */
  isAgain(reachedUs: number): boolean {
    return this.failures > 0 && reachedUs <= this.failedAtUs;
  }

  /** Gives how long to wait before it is begun again, in ms. @param reachedUs how far it has come, in µs; default no further */
  failed(message: string, blame: Blame, nowMs: number, reachedUs = this.failedAtUs): number {
    const again = this.isAgain(reachedUs);
    if (blame === 'plan' || reachedUs - this.failedAtUs >= worthUs) this.#backOff.reset();
    if (blame !== 'nobody') this.failures = again && blame === 'source' ? this.failures + 1 : 1;
    this.failedAtUs = Math.max(this.failedAtUs, reachedUs);
    this.message = message;
    return this.#backOff.failed(nowMs);
  }
}
