import type { Plan } from '../../../contract/models.ts';
import type { Slate } from '../slate/slate.ts';
import { SlateFeed } from '../slate/slate-feed.ts';
import type { Feed } from '../splicer/feed.ts';
import type { Player, PlayerListener } from './player.ts';

/** Plays a clip that is in memory, without end. */
export class ClipPlayer implements Player {
  readonly plan: Plan = { video: null, audio: null };
  readonly #frames: SlateFeed;

  constructor(slate: Slate, listener?: PlayerListener) {
    this.#frames = new SlateFeed(slate);
    listener?.onFeed(this.feed);
  }

  get feed(): Feed {
    return this.#frames.feed;
  }

  relieve(): void {
    this.#frames.fill();
  }

  async close(): Promise<void> {}

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
