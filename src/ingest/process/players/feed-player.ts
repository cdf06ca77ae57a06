import type { Plan } from '../../../contract/plan.ts';
import type { Feed } from '../splicer/feed.ts';
import type { Player } from './player.ts';

/** Plays what is in memory: a clip without end, or a short source once more. */
export class FeedPlayer implements Player {
  readonly plan: Plan;
  readonly feed: Feed;

  constructor(feed: Feed, plan: Plan = { video: null, audio: null }) {
    this.feed = feed;
    this.plan = plan;
  }

  /** Its frames are what they are: a source is read anew for its next repetition. */
  setVolume(): void {
    this.feed.forget();
  }

  async close(): Promise<void> {}

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
