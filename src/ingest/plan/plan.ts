import type { Plan, Probe } from '../../contract/plan.ts';
import { planAudio } from './audio-plan.ts';
import type { PlanOptions } from './plan-options.ts';
import { variantWords } from './variant-words.ts';
import { planVideo } from './video-plan.ts';

/**
 * Decides, track by track, whether a browser can play what is in the source, and how it is transcoded if not.
 *
 * @throws MiroliveError SOURCE_TRACK_NOT_FOUND, RENDITIONS_TOO_HEAVY
 */
export function planFor(probe: Probe, options: PlanOptions): Plan {
  return {
    video: probe.video && {
      ...planVideo(probe.video, probe.bitrateBps, options),
      ...(probe.variants && { variant: variantWords(probe.variants) }),
    },
    audio: planAudio(probe, options),
    ...(probe.byUdp && { byUdp: true }),
  };
}

/** What was seen of a picture while it played. */
export interface SeenPicture {
  /** How far apart its key frames are, in ms. */
  readonly keyframeIntervalMs?: number;
  readonly intraRefresh?: true;
}

/** The same for what may come at its own pace: its key frames are taken to be near enough until they were seen. */
export function planSeen(probe: Probe, live: boolean, options: PlanOptions, seen: SeenPicture = {}): Plan {
  const { keyframeIntervalMs, ...more } = seen;
  const known = keyframeIntervalMs ?? probe.video?.maxKeyframeIntervalMs ?? (live ? 0 : null);
  const video = probe.video && { ...probe.video, ...more, maxKeyframeIntervalMs: known };
  return planFor({ ...probe, video }, options);
}
