import type { Plan } from '../../../contract/plan.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import type { Feed } from '../splicer/feed.ts';
import { type ReadSource, type RunEnd, SourceRun } from './source-run.ts';

/** ffmpeg takes about so long to begin, in µs: what is on air until then has left when the new sound comes. */
const aheadUs = 600_000;
/** A decoder and an encoder that begin in the midst need so much, in µs, until they give what they would have given. */
const runUpUs = 200_000;
/** So much of the new sound is in hand, in µs, before the old is given up. */
const inHandUs = 300_000;
/** Packets of Opus as we make it, in µs. */
const packetUs = 20_000;
/** What an Opus encoder gives is so much earlier than what went in, in µs: 312 samples at 48 kHz (RFC 7845, pre-skip). */
const preSkipUs = 6500;

export interface SoundRunOptions {
  readonly source: ReadSource;
  readonly plan: Pick<Plan, 'audio'>;
  /** The whole source's place to begin and end at, in µs. */
  readonly startUs: number;
  readonly stopUs: number | null;
  readonly volumePercent: number;
  /** Whose sound it takes over. */
  readonly feed: Feed;
  /** From now on the sound of the feed is this one's. */
  readonly onJoined: () => void;
  /** Frames came into the feed. */
  readonly onFed: () => void;
}

/**
 * Reads a source once more, for its sound alone, and at another volume: from a little before a place that is not on air yet,
 * where the new sound follows the old one, packet by packet. The picture knows nothing of it.
 */
export class SoundRun {
  readonly volumePercent: number;
  /** Never rejects. */
  readonly ended: Promise<RunEnd>;
  readonly #options: SoundRunOptions;
  readonly #startUs: number;
  readonly #run: SourceRun;
  /** What came before it has joined. */
  #waiting: MediaFrame[] | null = [];

  private constructor(options: SoundRunOptions) {
    const { source, plan, stopUs, volumePercent } = options;
    this.#options = options;
    this.volumePercent = volumePercent;
    this.#startUs = beginsAtUs(options);
    this.#run = SourceRun.start({
      // What it gives is counted as part of the whole.
      ...{ ...source, maxBitrateBps: null },
      ...{ plan: { video: null, audio: plan.audio }, lookMs: null, behind: true },
      ...{ startUs: this.#startUs, stopUs, volume: () => volumePercent },
      takerOf: () => ({
        onFrame: (frame) => this.#take(frame),
        onFed: () => this.#fed(),
        onGap: () => false,
      }),
    });
    this.ended = this.#run.ended.then((end) => {
      if (end.kind === 'finished') this.#join(0);
      return end;
    });
  }

  static start(options: SoundRunOptions): SoundRun {
    return new SoundRun(options);
  }

  /** There is room in the feed. */
  resume(): void {
    this.#run.resume();
  }

  async close(): Promise<void> {
    await this.#run.close();
  }

  #take(frame: MediaFrame): void {
    if (this.#waiting) this.#waiting.push(frame);
    else this.#options.feed.push(frame);
  }

  #fed(): void {
    if (this.#waiting) {
      this.#join(inHandUs);
      return;
    }
    const { feed, onFed } = this.#options;
    if (feed.fullOf('audio')) this.#run.pause();
    onFed();
  }

  /** Takes over, where so much of it, in µs, lies behind what leaves next. */
  #join(neededUs: number): void {
    const { feed, startUs, onJoined, onFed } = this.#options;
    const [first] = this.#waiting ?? [];
    if (!this.#waiting || !first) return;
    const wellFromUs = this.#startUs > startUs ? first.ptsUs + runUpUs : first.ptsUs;
    const fromUs = Math.max(wellFromUs, feed.soundFromUs ?? Number.NEGATIVE_INFINITY);
    const from = this.#waiting.findIndex(({ ptsUs }) => ptsUs >= fromUs - packetUs / 2);
    const rest = from === -1 ? [] : this.#waiting.slice(from);
    const [begin, last] = [rest[0], rest.at(-1)];
    if (!begin || !last || last.ptsUs - begin.ptsUs < neededUs) {
      // What has left is of no use any more.
      if (from > 1) this.#waiting.splice(1, from - 1);
      return;
    }
    this.#waiting = null;
    feed.replaceSound(rest);
    onJoined();
    onFed();
  }
}

/** A run-up before a packet of the old sound that will not have left, so that packets of both are at the same times. */
function beginsAtUs({ feed, startUs }: SoundRunOptions): number {
  const { soundFromUs } = feed;
  if (soundFromUs === undefined) return startUs;
  const packets = Math.round((aheadUs - runUpUs) / packetUs);
  return Math.max(startUs, Math.round(soundFromUs + packets * packetUs + preSkipUs));
}
