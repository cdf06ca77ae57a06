import type { VideoCodec } from '../../../contract/models.ts';
import { av1 } from '../av1/depacketize-av1.ts';
import { h264 } from '../h264/depacketize-h264.ts';
import { vp8, vp9 } from '../vpx/depacketize-vpx.ts';

/** A coded picture as ffmpeg would give it. */
export interface DepacketizedFrame {
  readonly data: Buffer;
  /** Decoding can start here. */
  readonly key: boolean;
}

/** Puts the pictures of a codec together from RTP payloads, which come from the network: anything may be in them. */
export interface Depacketizer {
  /** Whether a key frame begins with this payload, whatever was lost before it. */
  readonly beginsKeyFrame: (payload: Buffer) => boolean;
  /** The picture whose payloads these are, none of them empty; undefined where they are damaged or not all there. */
  readonly frame: (payloads: readonly Buffer[]) => DepacketizedFrame | undefined;
}

/** The depacketizer of each video codec. An Opus packet needs none: it is its payload (RFC 7587, 4.2). */
export const depacketizers: Readonly<Record<VideoCodec, Depacketizer>> = { h264, vp8, vp9, av1 };
