import type { Plan } from '../../contract/models.ts';
import type { MediaFrame } from '../media-frame.ts';
import { RtpReceiver } from '../rtp-in/rtp-receiver.ts';
import { Feed } from '../splicer/feed.ts';
import type { Kind } from '../splicer/track-queue.ts';
import type { Publication } from './publications.ts';
import type { Fill, Run, RunListener } from './run.ts';

type WhipPublication = Extract<Publication, { protocol: 'whip' }>;

/** Where a publisher's RTP is to be sent to, and when no longer. */
export interface Receivers {
  /** From now on to this port on loopback. */
  receiving(publication: string, port: number): void;
  released(publication: string): void;
}

export interface RtpRunOptions {
  readonly publication: WhipPublication;
  readonly receivers: Receivers;
  readonly fillFor: (plan: Plan) => Fill;
  readonly kinds: readonly Kind[];
  readonly listener: RunListener;
}

/** Plays what somebody publishes by WebRTC: frames come by RTP from mediasoup, without ffmpeg. */
export class RtpRun implements Run {
  readonly plan: Plan;
  readonly feed: Feed;
  readonly #options: RtpRunOptions;
  readonly #layers: number;
  readonly #receiver: Promise<RtpReceiver>;
  readonly #fill: Fill;
  #closed = false;

  private constructor(options: RtpRunOptions) {
    this.#options = options;
    const { publication, kinds, fillFor } = options;
    const { peerPort, tracks } = publication;
    this.plan = planOf(publication);
    this.#layers = Math.max(1, tracks.filter(({ kind }) => kind === 'video').length);
    this.feed = new Feed(kinds, { layers: this.#layers, live: true });
    this.#fill = fillFor(this.plan);
    this.#receiver = RtpReceiver.create({ peerPort, tracks, onFrames: (frames) => this.#take(frames) });
  }

  static start(options: RtpRunOptions): RtpRun {
    const run = new RtpRun(options);
    void run.#begin();
    return run;
  }

  relieve(): void {}

  requestKeyFrame(layer: number): void {
    void this.#receiver.then((receiver) => {
      if (!this.#closed) receiver.requestKeyFrame(Math.min(layer, this.#layers - 1));
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#options.receivers.released(this.#options.publication.id);
    await (await this.#receiver).close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #begin(): Promise<void> {
    const { publication, receivers, listener } = this.#options;
    const { port } = await this.#receiver;
    if (this.#closed) return;
    listener.onPlan(this.plan);
    receivers.receiving(publication.id, port);
  }

  #take(frames: readonly MediaFrame[]): void {
    if (this.#closed) return;
    for (const frame of frames) {
      this.feed.push(frame);
      for (const filling of this.#fill(frame)) this.feed.push(filling);
    }
    // Publishers give key frames only when they are asked for.
    if (!this.feed.ready) for (let layer = 0; layer < this.#layers; layer++) this.requestKeyFrame(layer);
    this.#options.listener.onFeed(this.feed);
  }
}

/** What comes is passed on as it is; its size is in the pictures. */
function planOf({ tracks }: WhipPublication): Plan {
  const video = tracks.find((track) => track.kind === 'video');
  const audio = tracks.find((track) => track.kind === 'audio');
  const copied = { action: 'copy' as const, reasons: [], bitrateBps: null };
  return {
    video: video
      ? {
          ...{
            ...copied,
            index: 0,
            from: video.codec,
            codec: video.codec,
            name: 'source' as const,
            lower: [],
          },
          ...{ width: 0, height: 0, fps: null, deinterlace: false },
        }
      : null,
    audio: audio ? { ...copied, index: 0, track: 0, from: 'opus', codec: 'opus' as const } : null,
  };
}
