import type { Plan } from '../../../contract/plan.ts';
import type { Slate } from '../slate/slate.ts';
import { SlateFeed } from '../slate/slate-feed.ts';
import type { Feed } from '../splicer/feed.ts';
import { type Player, type PlayerListener, soundless } from './player.ts';

/** Plays a clip that is in memory, without end. */
export class ClipPlayer implements Player {
  readonly plan: Plan = { video: null, audio: null };
  readonly feed: Feed;
  readonly volume = soundless;

  constructor(slate: Slate, listener?: PlayerListener) {
    this.feed = new SlateFeed(slate).feed;
    listener?.onFeed(this.feed);
  }

  setVolume(): void {}

  async close(): Promise<void> {}

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
