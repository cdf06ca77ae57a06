import { every } from '../../src/contract/clock.ts';
import type { WatchedConsumer } from '../../src/daemon/viewers/line-watch.ts';
import type { VirtualClock } from './virtual-clock.ts';

const stepMs = 50;
const packetBytes = 1200;
const keyFrameMs = 2000;
/** There and back where nothing waits, in ms. */
const wayMs = 40;

export interface SimulatedLineOptions {
  readonly clock: VirtualClock;
  /** Rates of the layers, the lowest first, in bit/s. */
  readonly layersBps: readonly number[];
  readonly chance: () => number;
  /** How long packets may wait until they are dropped, in ms. */
  readonly queueMs?: number;
  /** How often the player reports, in ms. */
  readonly reportMs?: number;
}

/** A line with a queue, a player behind it that reports what is lost, and a Consumer that sends layers over it. */
export class SimulatedLine implements WatchedConsumer {
  capacityBps = 10_000_000;
  /** What is lost by chance, a share. */
  randomLoss = 0;
  /** Each change of the layer: when, in ms since the beginning, and which. */
  readonly layers: { readonly atMs: number; readonly layer: number }[] = [];
  /** How long some packets of each second were lost to a full queue, in ms. */
  fullMs = 0;
  readonly #options: Required<SimulatedLineOptions>;
  readonly #fromMs: number;
  #preferred: number;
  #keyFrameAtMs = 0;
  #queueBits = 0;
  #sent = 0;
  #lost = 0;
  #report = { packetsLost: 0, fractionLost: 0, jitter: 0, roundTripTime: 0 };
  #onScore: (score: { score: number }) => void = () => {};
  #owed = 0;
  #reportedOf = 0;

  constructor(options: SimulatedLineOptions) {
    this.#options = { queueMs: 150, reportMs: 1000, ...options };
    const { clock, layersBps, reportMs } = this.#options;
    this.#fromMs = clock.nowMs();
    this.#preferred = layersBps.length - 1;
    this.#becomes(this.#preferred);
    every(clock, stepMs, () => this.#step());
    every(clock, reportMs, () => this.#reports());
  }

  get currentLayers(): { spatialLayer: number } {
    return { spatialLayer: this.layers.at(-1)?.layer ?? 0 };
  }

  get nowMs(): number {
    return this.#options.clock.nowMs() - this.#fromMs;
  }

  async setPreferredLayers({ spatialLayer }: { spatialLayer: number }): Promise<void> {
    this.#preferred = spatialLayer;
    const nextMs = Math.ceil(this.nowMs / keyFrameMs) * keyFrameMs;
    // The pictures of the lowest one since its last key frame are sent again at once.
    this.#keyFrameAtMs = spatialLayer === 0 ? this.nowMs : nextMs;
  }

  async getStats() {
    const bitrate = this.#options.layersBps[this.currentLayers.spatialLayer] ?? 0;
    return [
      { type: 'outbound-rtp', packetCount: this.#sent, bitrate, ...this.#report },
      { type: 'inbound-rtp' },
    ];
  }

  on(_event: 'score', listener: (score: { score: number }) => void): void {
    this.#onScore = listener;
  }

  off(): void {
    this.#onScore = () => {};
  }

  #becomes(layer: number): void {
    this.layers.push({ atMs: this.nowMs, layer });
  }

  #step(): void {
    const { layersBps, queueMs, chance } = this.#options;
    const { spatialLayer } = this.currentLayers;
    if (spatialLayer !== this.#preferred && this.nowMs >= this.#keyFrameAtMs) this.#becomes(this.#preferred);
    this.#queueBits = Math.max(0, this.#queueBits - (this.capacityBps * stepMs) / 1000);
    this.#owed += ((layersBps[this.currentLayers.spatialLayer] ?? 0) * stepMs) / 1000;
    let full = false;
    for (const bits = packetBytes * 8; this.#owed >= bits; this.#owed -= bits) {
      this.#sent++;
      const dropped = this.#queueBits + bits > (this.capacityBps * queueMs) / 1000 + bits;
      full ||= dropped;
      if (dropped || chance() < this.randomLoss) this.#lost++;
      if (!dropped) this.#queueBits += bits;
    }
    if (full) this.fullMs += stepMs;
  }

  #reports(): void {
    const lost = this.#lost - this.#report.packetsLost;
    const sent = this.#sent - this.#reportedOf;
    this.#reportedOf = this.#sent;
    const fractionLost = Math.floor((255 * lost) / Math.max(1, sent));
    const waitMs = (this.#queueBits / this.capacityBps) * 1000;
    const jitter = Math.round(this.#options.chance() * 1000);
    this.#report = { packetsLost: this.#lost, fractionLost, jitter, roundTripTime: wayMs + waitMs };
    this.#onScore({ score: lost > sent * 0.05 ? 8 : 10 });
  }
}
