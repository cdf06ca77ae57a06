import { type Clock, systemClock, type Timer } from '../../contract/clock.ts';
import type * as types from '../sfu/media-types.ts';
import {
  isCalm,
  judgeLine,
  type LineLook,
  type LowerBps,
  type ReportedLine,
  unknownLine,
} from './reported-line.ts';

/** How often a player is looked at, in ms, where something is to be decided: as often as most report. */
const alertMs = 1000;
/** And where all is well: it is a question to the worker for each viewer, and heavy loss is told without one. */
const calmMs = 4000;
/** But no sooner after the last look than this, in ms. */
const leastMs = 500;
/** mediasoup's score of a stream of which nothing was lost lately. */
const bestScore = 10;

type ScoreListener = (score: { score: number }) => void;

/** What is needed of the Consumer of a picture that has layers. */
export type WatchedConsumer = Pick<types.Consumer, 'currentLayers' | 'setPreferredLayers'> & {
  getStats(): Promise<readonly { type: string }[]>;
  on(event: 'score', listener: ScoreListener): unknown;
  off(event: 'score', listener: ScoreListener): unknown;
};

/** What mediasoup tells of a stream that it sends. */
export interface SentStream {
  readonly packetCount: number;
  readonly packetsLost: number;
  readonly fractionLost: number;
  readonly jitter: number;
  readonly roundTripTime?: number;
  readonly bitrate: number;
}

/** Gives a player that tells nothing but receiver reports the best layer that its line carries by them. */
export class LineWatch {
  readonly #consumer: WatchedConsumer;
  readonly #lowerBps: LowerBps;
  readonly #clock: Clock;
  #line: ReportedLine;
  #timer: Timer | undefined;
  #closed = false;
  #isLooking = false;
  #lookedAtMs = Number.NEGATIVE_INFINITY;

  /** @param lowerBps of the layers below the best one, which the Consumer is given until something speaks against it */
  constructor(consumer: WatchedConsumer, lowerBps: LowerBps, clock: Clock = systemClock) {
    this.#consumer = consumer;
    this.#lowerBps = lowerBps;
    this.#clock = clock;
    this.#line = unknownLine(lowerBps, clock.nowMs());
    consumer.on('score', this.#onScore);
    this.#lookIn(alertMs);
  }

  close(): void {
    this.#closed = true;
    this.#consumer.off('score', this.#onScore);
    this.#timer?.cancel();
  }

  #onScore: ScoreListener = ({ score }) => {
    if (score === bestScore || this.#isLooking || !isCalm(this.#line, this.#lowerBps)) return;
    // As often as its reports come is up to the player.
    this.#lookIn(Math.max(0, this.#lookedAtMs + leastMs - this.#clock.nowMs()));
  };

  #lookIn(ms: number): void {
    if (this.#closed) return;
    this.#timer?.cancel();
    // What rejects is a Consumer that is closed.
    this.#timer = this.#clock.after(ms, () => void this.#look().catch(() => {}));
  }

  async #look(): Promise<void> {
    this.#isLooking = true;
    const statistics = await this.#consumer.getStats().finally(() => {
      this.#isLooking = false;
    });
    // Whoever has closed it may have chosen a layer since.
    if (this.#closed) return;
    const nowMs = this.#clock.nowMs();
    this.#lookedAtMs = nowMs;
    const look = lookAt(statistics, this.#consumer, nowMs);
    const { ceiling } = this.#line;
    if (look) this.#line = judgeLine(this.#line, look, this.#lowerBps);
    this.#lookIn(isCalm(this.#line, this.#lowerBps) ? calmMs : alertMs);
    const spatialLayer = this.#line.ceiling;
    if (spatialLayer !== ceiling) await this.#consumer.setPreferredLayers({ spatialLayer });
  }
}

function lookAt(
  statistics: readonly { type: string }[],
  { currentLayers }: WatchedConsumer,
  atMs: number,
): LineLook | undefined {
  const sent = statistics.find(({ type }) => type === 'outbound-rtp') as SentStream | undefined;
  if (!sent) return undefined;
  return {
    atMs,
    layer: currentLayers?.spatialLayer ?? null,
    sent: sent.packetCount,
    lost: sent.packetsLost,
    // RFC 3550, 6.4.1: in 256ths.
    loss: sent.fractionLost / 256,
    jitter: sent.jitter,
    roundTripMs: sent.roundTripTime ?? 0,
    bitrateBps: sent.bitrate,
  };
}
