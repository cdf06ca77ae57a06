import type { VideoCodec } from '../../../contract/plan.ts';
import { ParameterSets } from '../h264/parameter-sets.ts';
import { depacketizers } from './depacketizers.ts';
import { type AssembledFrame, FrameAssembler } from './frame-assembler.ts';
import { OrderWatch } from './order-watch.ts';
import type { PictureSize } from './picture-size.ts';
import { type OrderedPacket, ReorderBuffer } from './reorder-buffer.ts';
import type { RtpPacket } from './rtp-packet.ts';
import { sizeOfKeyFrame } from './size-of-key-frame.ts';

/** How long a missing packet of a picture is waited for, in ms: mediasoup asks for it at once, and a second time after one round trip. */
const videoWaitMs = 250;
/** The same for sound, which few publishers send again: time for packets that overtook each other. */
const audioWaitMs = 60;

/** One RTP stream that will come, as mediasoup's Consumer sends it. Plain data: it crosses to ingest processes. */
export type IncomingTrack =
  | (TrackIdentity & { readonly kind: 'video'; readonly codec: VideoCodec })
  | (TrackIdentity & { readonly kind: 'audio'; readonly codec: 'opus' });

interface TrackIdentity {
  /** 0 the lowest, as the publisher lists them. */
  readonly layer: number;
  readonly ssrc: number;
  readonly payloadType: number;
  readonly clockRate: number;
}

/** What came of one stream. */
export interface StreamCounters {
  readonly frames: number;
  readonly keyFrames: number;
  /** Pictures that were begun and not given. */
  readonly dropped: number;
  /** Packets that never came, and such as came twice or too late. */
  readonly lost: number;
  readonly late: number;
}

/** The frames of one stream out of its packets. Pure: it is told the time, in ms. */
export class IncomingStream {
  readonly track: IncomingTrack;
  readonly #reorder: ReorderBuffer;
  /** Undefined for sound. */
  readonly #assembler: FrameAssembler | undefined;
  /** Of H.264. */
  readonly #parameterSets: ParameterSets | undefined;
  readonly #order = new OrderWatch();
  #packetsOfSound = 0;
  #size: PictureSize | undefined;

  constructor(track: IncomingTrack) {
    this.track = track;
    this.#reorder = new ReorderBuffer(track.kind === 'video' ? videoWaitMs : audioWaitMs);
    if (track.kind === 'video') this.#assembler = new FrameAssembler(depacketizers[track.codec]);
    if (track.kind === 'video' && track.codec === 'h264') this.#parameterSets = new ParameterSets();
  }

  get counters(): StreamCounters {
    const sound = { frames: this.#packetsOfSound, keyFrames: this.#packetsOfSound, dropped: 0 };
    return { ...(this.#assembler?.counters ?? sound), ...this.#reorder.counters };
  }

  /** Of the last key frame. */
  get size(): PictureSize | undefined {
    return this.#size;
  }

  /** Its pictures are shown in another order than they come in: B-frames. */
  get reorders(): boolean {
    return this.#order.reorders;
  }

  /** Nothing comes out before the next key frame, and that has not begun. */
  get needsKeyFrame(): boolean {
    return this.#assembler?.needsKeyFrame ?? false;
  }

  /** When to call `expire`, in ms; undefined while nothing is missing. */
  get deadlineMs(): number | undefined {
    return this.#reorder.deadlineMs;
  }

  push(packet: RtpPacket, nowMs: number): AssembledFrame[] {
    return this.#reorder.push(packet, nowMs).flatMap((ordered) => this.#assemble(ordered));
  }

  /** Gives up what was waited for long enough. */
  expire(nowMs: number): AssembledFrame[] {
    return this.#reorder.expire(nowMs).flatMap((ordered) => this.#assemble(ordered));
  }

  /** Begins anew with the next key frame. */
  restart(): void {
    this.#assembler?.restart();
  }

  #assemble(ordered: OrderedPacket): AssembledFrame[] {
    if (this.#assembler) {
      const frames = this.#assembler.push(ordered);
      for (const { key, data, timestamp } of frames) {
        this.#order.see(timestamp);
        if (key) this.#measure(data);
      }
      const sets = this.#parameterSets;
      return sets ? frames.map((frame) => ({ ...frame, data: sets.completed(frame.data) })) : frames;
    }
    const { payload, timestamp } = ordered.packet;
    if (payload.length === 0) return [];
    this.#packetsOfSound++;
    return [{ data: payload, key: true, timestamp }];
  }

  #measure(keyFrame: Buffer): void {
    if (this.track.kind === 'video') this.#size = sizeOfKeyFrame(this.track.codec, keyFrame) ?? this.#size;
  }
}
