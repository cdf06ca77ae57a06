import type { Plan } from '../../../contract/plan.ts';
import { BitrateBudget, mostFramesPerSecond } from '../../media/bitrate-budget.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import { advisedBps } from '../../plan/publish-advice.ts';

/** Watches how much comes of a source for each second of it, however fast it is read. */
export class SourceRate {
  readonly #layers: number;
  readonly #limitBps: number;
  readonly #all: BitrateBudget;
  readonly #picture = new BitrateBudget(advisedBps);
  #isMuch = false;

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
    if (kind === 'video') this.#picture.spend(ptsUs / 1000, data.length, 1);
  }

  /** Why it cannot go on; null: it may. */
  get excess(): string | null {
    if (!Number.isFinite(this.#limitBps) || !this.#all.isOver) return null;
    const limit = `${Number((this.#limitBps / 1_000_000).toFixed(1))} Mbit/s and ${mostFramesPerSecond} frames per second`;
    return `expected at most ${limit} (limits.sourceBitrate), got more`;
  }

  /** The plan with the rate of its picture, where that is passed on as it is and has turned out to be much; once. */
  measured(plan: Plan): Plan | null {
    const { video } = plan;
    if (this.#isMuch || video?.action !== 'copy' || !this.#picture.isOver) return null;
    this.#isMuch = true;
    return { ...plan, video: { ...video, bitrateBps: Math.round(this.#picture.bps) } };
  }
}
