import { Feed } from '../splicer/feed.ts';
import { loopedFrames, type Slate } from './slate.ts';

/** A slate as what the splicer plays: a feed that never ends. Its first frames are there at once. */
export class SlateFeed {
  readonly feed = new Feed(['video', 'audio'], { still: true });
  readonly #frames: ReturnType<typeof loopedFrames>;

  constructor(slate: Slate) {
    this.#frames = loopedFrames(slate);
    this.fill();
  }

  /** Puts more repetitions in; to be called whenever frames have left. */
  fill(): void {
    while (!this.feed.full) this.feed.push(this.#frames.next().value);
  }
}
