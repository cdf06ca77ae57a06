import type { LoudnessRule } from '../../contract/loudness-config.ts';
import type { Loudness, VideoCodec, VideoEncoder } from '../../contract/plan.ts';
import type { Renditions } from '../../contract/rendition-names.ts';
import type { EncodingCapacity } from './encoding-cost.ts';

/** What an operator may choose about a plan. */
export interface PlanOptions {
  /** Audio track by number, 0 the first; null: the container's default, else the first. */
  readonly audioTrack: number | null;
  /** What becomes left and right, instead of a track; missing: nothing was said. */
  readonly audioMap?: string | undefined;
  /** Pictures are copied only if key frames are at most so far apart, in ms. */
  readonly maxKeyframeIntervalMs: number;
  /** Ceiling for the bit rate of a transcoded picture. */
  readonly maxBitrateBps: number;
  /** The codec that the broadcast is in already; null: free. */
  readonly codec: VideoCodec | null;
  readonly renditions: Renditions;
  /** Why these renditions, where they were not asked for; null: they were. */
  readonly ladder: string | null;
  /** What encodes where H.264 is to be encoded. */
  readonly encoder: VideoEncoder;
  /** ffmpeg has what brings colours of HDR into the range of usual screens. */
  readonly toneMaps: boolean;
  readonly loudness: LoudnessRule;
  /** That of the track which is played; missing: it was not measured. */
  readonly measured?: Loudness | undefined;
  /** What this machine can encode; null: not known yet. */
  readonly capacity: EncodingCapacity | null;
}
