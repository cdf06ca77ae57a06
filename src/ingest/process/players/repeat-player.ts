import type { Plan } from '../../../contract/plan.ts';
import type { Feed } from '../splicer/feed.ts';
import { type Player, type VolumeControl, volumeOf } from './player.ts';

/** A short source once more, from memory. */
export class RepeatPlayer implements Player {
  readonly plan: Plan;
  readonly feed: Feed;

  constructor(plan: Plan, feed: Feed) {
    this.plan = plan;
    this.feed = feed;
  }

  get volume(): VolumeControl {
    return volumeOf(this.plan);
  }

  /** Its frames are what they are: the source is read anew for its next repetition. */
  setVolume(): void {
    this.feed.forget();
  }

  async close(): Promise<void> {}

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
