import type { Plan } from '../../../contract/plan.ts';
import { BitrateBudget, mostFramesPerSecond } from '../../media/bitrate-budget.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import { advisedBps } from '../../plan/publish-advice.ts';

/** A rate is told when it has been another one for so long, in ms: twice what it is the mean of, so that what is short is over. */
const steadyMs = 10_000;
/** It is told no more often than this, in ms. */
const againMs = 30_000;
/** It is another one where it is so many times as much, or as little, as was told. */
const otherFactor = 1.5;

/** Watches how much comes of a source for each second of it, however fast it is read. */
export class SourceRate {
  readonly #layers: number;
  readonly #limitBps: number;
  readonly #all: BitrateBudget;
  readonly #picture = new BitrateBudget(advisedBps);
  /** What was told last; null: nothing, as it is not much. */
  #toldBps: number | null = null;
  /** Of its last picture, in ms. */
  #atMs = 0;
  /** Since when it is another one than was told, and when that was. */
  #sinceMs = 0;
  #toldAtMs = Number.NEGATIVE_INFINITY;

  /** @param layers renditions of its picture @param limitBps null: whoever takes it in sees to that */
  constructor(layers: number, limitBps: number | null) {
    this.#layers = layers;
    this.#limitBps = limitBps ?? Number.POSITIVE_INFINITY;
    this.#all = new BitrateBudget(this.#limitBps);
  }

  /** Counts a frame of it. Lower renditions are made of it, or come to less than half as much. */
  see({ kind, layer, ptsUs, data }: MediaFrame): void {
    if (kind === 'video' && layer !== this.#layers - 1) return;
    this.#all.spend(ptsUs / 1000, data.length, 1);
    if (kind !== 'video') return;
    this.#atMs = ptsUs / 1000;
    this.#picture.spend(this.#atMs, data.length, 1);
  }

  /** Why it cannot go on; null: it may. */
  get excess(): string | null {
    if (!Number.isFinite(this.#limitBps) || !this.#all.isOver) return null;
    const limit = `${Number((this.#limitBps / 1_000_000).toFixed(1))} Mbit/s and ${mostFramesPerSecond} frames per second`;
    return `expected at most ${limit} (limits.sourceBitrate), got more`;
  }

  /** The plan with the rate of its picture, where that is passed on as it is and has turned out to be much, or otherwise than was told. */
  measured(plan: Plan): Plan | null {
    const { video } = plan;
    if (video?.action !== 'copy') return null;
    const atMs = this.#atMs;
    // Its times may begin anew.
    if (!this.#isOther || atMs < this.#sinceMs) this.#sinceMs = atMs;
    this.#toldAtMs = Math.min(this.#toldAtMs, atMs);
    if (atMs < Math.max(this.#sinceMs + steadyMs, this.#toldAtMs + againMs)) return null;
    this.#toldAtMs = atMs;
    this.#toldBps = Math.round(this.#picture.bps);
    return { ...plan, video: { ...video, bitrateBps: this.#toldBps } };
  }

  get #isOther(): boolean {
    const { bps, isOver } = this.#picture;
    const told = this.#toldBps;
    return told === null ? isOver : bps > told * otherFactor || bps < told / otherFactor;
  }
}
