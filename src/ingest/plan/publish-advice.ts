import type { Plan } from '../../contract/plan.ts';

/** What cures a reason against copying, in OBS's own words (Settings, Output, Output Mode: Advanced). */
const cures: readonly (readonly [reason: RegExp, setting: string])[] = [
  // While a picture is transcoded nobody sees how far its key frames are apart, and encoders that put B-frames in choose freely.
  [/^(key frames |B-frames$|intra refresh$)/, 'Keyframe Interval to 1 s'],
  [/^intra refresh$/, 'intra refresh off (with x264 by its options: intra-refresh=0)'],
  [/^B-frames$/, 'B-frames to 0 (with x264 by its options: bframes=0)'],
  [/^profile /, 'Profile to high or main'],
  [/^pixel format /, 'Color Format to NV12 (Settings, Advanced; ffmpeg: -pix_fmt yuv420p)'],
  [/ \u2192 h264$/, 'Video Encoder to one for H.264'],
];

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
  const settings = cures
    .filter(([pattern]) => video.reasons.some((reason) => pattern.test(reason)))
    .map(([, setting]) => setting);
  return settings.length === 0
    ? null
    : `In OBS set ${settings.join(' and ')}, and the picture costs no transcode`;
}

function inMbps(bps: number): string {
  return `${Math.round(bps / 100_000) / 10} Mbit/s`;
}
