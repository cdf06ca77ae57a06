import type { Plan } from '../../contract/plan.ts';
import { planReasons } from '../../contract/plan-reasons.ts';

/** A picture that is passed on at more than this, in bit/s, is more than most viewers can take in. */
export const advisedBps = 15_000_000;

/**
 * What somebody who publishes should set so that the picture need not be transcoded, or reaches viewers when it is not; null:
 * all is well, or no setting helps.
 */
export function publishAdvice({ video }: Plan): string | null {
  if (video?.bFrames)
    return 'It sends B-frames, for which WebRTC has no place, and viewers see few of its pictures: set B-frames to 0 (x264: bframes=0, or tune zerolatency), or publish by RTMP';
  if (video?.action === 'copy' && video.bitrateBps !== null && video.bitrateBps > advisedBps)
    return `It sends ${inMbps(video.bitrateBps)}, and so does each viewer get: set the encoder to at most ${inMbps(advisedBps)}`;
  if (video?.action !== 'transcode') return null;
  const settings = new Set(video.codes?.flatMap((code) => planReasons[code].settings ?? []));
  return settings.size === 0
    ? null
    : `In OBS set ${[...settings].join(' and ')}, and the picture costs no transcode`;
}

function inMbps(bps: number): string {
  return `${Math.round(bps / 100_000) / 10} Mbit/s`;
}
