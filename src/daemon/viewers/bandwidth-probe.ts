import { type Clock, pause, systemClock } from '../../contract/clock.ts';
import { initialBitrateBps } from '../sfu/client-transport.ts';
import type * as types from '../sfu/media-types.ts';

/** So long, in ms, mediasoup finds its own way: who has just come, or a line that was slow for a moment only. */
const patienceMs = 15_000;
/** How often then a viewer below the best layer is tried with more, in ms; what was found is built on at once. */
const intervalMs = 3000;
/** When it is known what came of it, in ms: a way there and back, and what a busy worker needs. */
const resultMs = 1000;
/** How far a look goes, in bit/s: lines that were found to carry nearly nothing get better too. */
const leastBps = 1_000_000;
/** So many times what its line is known to carry: the padding of a greater step would be lost on a slow line. */
const stepFactor = 2;
/** Above this, in bit/s, and above 1.35 times all that is sent, a limit changes nothing for mediasoup, which looks at a change. */
const mostBps = 0.97 * initialBitrateBps;
/** Above that a small step leads to where the best layer fits. */
const smallStepFactor = 1.2;
/**
 * After so many looks that found nothing mediasoup's guess stands once. Its padding has one sequence number for all viewers
 * of a worker, which each new one sets at random: where that goes back, SRTP refuses it, and no look finds anything.
 */
const guessAfter = 4;
/** An estimate that has grown by more than this was measured, not guessed. */
const foundFactor = 1.25;

/** What is needed of a viewer's transport. */
type ProbedTransport = Pick<types.WebRtcTransport, 'getStats' | 'setMaxOutgoingBitrate'>;

/**
 * Finds out soon that a line carries more than it did. mediasoup looks for itself only where it sends far less than the line
 * is known to carry; a change of the greatest rate makes it look at once, by some packets of padding that a line of any use
 * carries. But each change raises the estimate by a few percent without a reason, too: it is kept down where that was all.
 */
export class BandwidthProbe {
  readonly #transport: ProbedTransport;
  readonly #clock: Clock;
  #search: AbortController | undefined;

  constructor(transport: ProbedTransport, clock: Clock = systemClock) {
    this.#transport = transport;
    this.#clock = clock;
  }

  /** Looks for more, or no longer. */
  set wanted(wanted: boolean) {
    if (wanted === (this.#search !== undefined)) return;
    if (wanted) {
      this.#search = new AbortController();
      // What rejects is a search that is over, or a transport that is closed.
      this.#look(this.#search.signal).catch(() => {});
      return;
    }
    this.#search?.abort();
    this.#search = undefined;
    this.#transport.setMaxOutgoingBitrate(0).catch(() => {});
  }

  async #look(signal: AbortSignal): Promise<void> {
    await pause(this.#clock, patienceMs, signal);
    for (let fruitless = 0; ; ) {
      const carriedBps = await this.#carriedBps(signal);
      const moreBps = lookBps(carriedBps);
      // The first one makes room; the second, as another one, makes it look.
      for (const limitBps of [moreBps, moreBps - 1]) await this.#transport.setMaxOutgoingBitrate(limitBps);
      await pause(this.#clock, resultMs, signal);
      const nowBps = await this.#carriedBps(signal);
      const found = nowBps > carriedBps * foundFactor;
      fruitless = found ? 0 : fruitless + 1;
      const stands = fruitless % guessAfter === 0;
      await this.#transport.setMaxOutgoingBitrate(stands ? nowBps : Math.min(nowBps, carriedBps));
      if (!found) await pause(this.#clock, intervalMs - resultMs, signal);
    }
  }

  /** What the line is known to carry; rejects where a player tells nothing of what arrives. */
  async #carriedBps(signal: AbortSignal): Promise<number> {
    const [statistics] = await this.#transport.getStats();
    signal.throwIfAborted();
    const { availableOutgoingBitrate, minOutgoingBitrate = 0 } = statistics ?? {};
    if (!availableOutgoingBitrate) throw new Error('there is no estimate');
    // A limit below the least rate would be refused.
    return Math.max(availableOutgoingBitrate, minOutgoingBitrate);
  }
}

/** What to try a line with that is known to carry so much, in bit/s. */
export function lookBps(carriedBps: number): number {
  const step = Math.min(carriedBps * stepFactor, mostBps);
  return Math.round(Math.max(leastBps, step, carriedBps * smallStepFactor));
}
