import { Feed } from '../splicer/feed.ts';
import { loopedFrames, type Slate } from './slate.ts';

/** A slate as what the splicer plays: a feed that never ends. Its first frames are there at once. */
export class SlateFeed {
  readonly feed = new Feed(['video', 'audio'], { still: true, onRoom: () => this.#fill() });
  readonly #frames: ReturnType<typeof loopedFrames>;

  constructor(slate: Slate) {
    this.#frames = loopedFrames(slate);
    this.#fill();
  }

  #fill(): void {
    while (!this.feed.full) this.feed.push(this.#frames.next().value);
  }
}
