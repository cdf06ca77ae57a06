/** What can encode H.264, in the order in which `auto` prefers them; x264 needs nothing but processors. */
export const encoderNames = ['vaapi', 'nvenc', 'qsv', 'v4l2m2m', 'x264'] as const;
export type EncoderName = (typeof encoderNames)[number];

/** `auto`: the first one in hardware whose test encode works, else x264. */
export const encoderChoices = ['auto', ...encoderNames] as const;
export type EncoderChoice = (typeof encoderChoices)[number];

/** What ffmpeg calls it. */
export function ffmpegEncoder(name: EncoderName): string {
  return name === 'x264' ? 'libx264' : `h264_${name}`;
}
