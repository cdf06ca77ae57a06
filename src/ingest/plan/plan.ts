import type { Plan, Probe, VideoCodec, VideoEncoder } from '../../contract/models.ts';
import type { Renditions } from '../../contract/rendition-names.ts';
import { planAudio } from './audio-plan.ts';
import type { EncodingCapacity } from './encoding-cost.ts';
import { planVideo } from './video-plan.ts';

/** What an operator may choose about a plan. */
export interface PlanOptions {
  /** Audio track by number, 0 the first; null: the container's default, else the first. */
  readonly audioTrack: number | null;
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
  /** What this machine can encode; null: not known yet. */
  readonly capacity: EncodingCapacity | null;
}

/**
 * Decides, track by track, whether a browser can play what is in the source, and how it is transcoded if not.
 *
 * @throws MiroliveError SOURCE_TRACK_NOT_FOUND, RENDITIONS_TOO_HEAVY
 */
export function planFor(probe: Probe, options: PlanOptions): Plan {
  return {
    video: probe.video && planVideo(probe.video, probe.bitrateBps, options),
    audio: planAudio(probe, options.audioTrack),
  };
}

/**
 * The same for what may come at its own pace: its key frames are taken to be near enough until they were seen.
 *
 * @param seenMs how far apart they were seen to be since, in ms
 */
export function planSeen(probe: Probe, live: boolean, options: PlanOptions, seenMs?: number): Plan {
  const maxKeyframeIntervalMs = seenMs ?? probe.video?.maxKeyframeIntervalMs ?? (live ? 0 : null);
  return planFor({ ...probe, video: probe.video && { ...probe.video, maxKeyframeIntervalMs } }, options);
}
