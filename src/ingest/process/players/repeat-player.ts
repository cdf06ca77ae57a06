import type { Plan } from '../../../contract/models.ts';
import type { Feed } from '../splicer/feed.ts';
import type { Player } from './player.ts';

/** A short source once more, from memory. */
export class RepeatPlayer implements Player {
  readonly plan: Plan;
  readonly feed: Feed;

  constructor(plan: Plan, feed: Feed) {
    this.plan = plan;
    this.feed = feed;
  }

  async close(): Promise<void> {}

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
