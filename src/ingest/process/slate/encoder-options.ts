import type { VideoCodec } from '../../../contract/plan.ts';

/** Pictures without a key frame between them, at most: a viewer who comes waits for one, in s. */
export const keyFrameIntervalS = 1;

/** Nobody waits for it, so it may be made better than what is encoded while it is on air. */
const encoders: Readonly<Record<VideoCodec, readonly string[]>> = {
  // Constrained baseline is the one profile that every WebRTC endpoint decodes (RFC 7742, section 6.2). NUT would keep the
  // parameter sets in its header; viewers need them in each key frame.
  h264: [
    ...['libx264', '-tune', 'zerolatency', '-profile:v', 'baseline', '-threads:v', '1'],
    ...['-flags:v', '-global_header', '-crf', '18', '-sc_threshold', '0'],
  ],
  vp8: [
    'libvpx',
    '-deadline',
    'realtime',
    '-cpu-used',
    '4',
    '-auto-alt-ref',
    '0',
    '-crf',
    '10',
    '-b:v',
    '2M',
  ],
  vp9: ['libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '5', '-crf', '24', '-b:v', '0'],
  av1: ['libaom-av1', '-usage', 'realtime', '-cpu-used', '8', '-crf', '28', '-b:v', '0'],
};

/**
 * ffmpeg's options to encode the pictures of a slate; `maxBitrateBps` where they move.
 *
 * @param preset of x264
 */
export function encoderOptions(
  codec: VideoCodec,
  fps: number,
  maxBitrateBps: number | null,
  preset: 'medium' | 'veryfast' = 'medium',
): string[] {
  const ceiling =
    maxBitrateBps === null ? [] : ['-maxrate:v', `${maxBitrateBps}`, '-bufsize:v', `${maxBitrateBps}`];
  return [
    ...['-c:v', ...encoders[codec], ...(codec === 'h264' ? ['-preset', preset] : []), ...ceiling],
    ...['-force_key_frames', `expr:gte(t,n_forced*${keyFrameIntervalS})`],
    ...['-g', `${Math.ceil(fps * keyFrameIntervalS * 2)}`],
  ];
}
