import { aac } from '../test/helpers/media/recipes.ts';
import { makeMedia } from '../test/helpers/media/sample-files.ts';

/** Seconds of a sample: longer than any load takes. */
const seconds = 60;
/** The distance of key frames in every sample, in ms: as long as a viewer waits for the first picture, at worst. */
export const keyFrameIntervalMs = 1000;

// Noise gives the encoder enough to do to need its 2 Mbit/s all the time.
const sample = (width: number, duration: number) => [
  ...['-f', 'lavfi', '-i'],
  `testsrc2=size=${width}x${(width * 9) / 16}:rate=30:duration=${duration},noise=alls=10:allf=t`,
  ...['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=48000:duration=${duration}`],
  ...['-c:v', 'libx264', '-preset', 'veryfast', '-pix_fmt', 'yuv420p', '-g', '30', '-keyint_min', '30'],
  ...['-sc_threshold', '0', '-b:v', '2M', '-maxrate', '2M', '-bufsize', '1M'],
];
const opus = ['-c:a', 'libopus', '-b:a', '64k', '-ac', '2'];

/** 720p30 H.264 of 2 Mbit/s with a key frame each second, and Opus: both tracks are copied. */
export function copiedSample(): Promise<string> {
  return makeMedia('bench-copied.mp4', { args: [...sample(1280, seconds), '-bf', '0', ...opus] });
}

/** The same picture with B-frames, and AAC: both tracks are transcoded. */
export function transcodedSample(): Promise<string> {
  return makeMedia('bench-transcoded.mp4', { args: [...sample(1280, seconds), '-bf', '2', ...aac] });
}

/** Four seconds, in the same way, of a picture that is so wide. */
export function shortSample(width: number): Promise<string> {
  return makeMedia(`bench-short-${width}.mp4`, { args: [...sample(width, 4), '-bf', '0', ...opus] });
}

/** 720p30 H.264 of 2 Mbit/s with a key frame each second, and AAC, as encoders publish it. */
export function publishedSample(): Promise<string> {
  return makeMedia('bench-published.flv', { args: [...sample(1280, seconds), '-bf', '0', ...aac] });
}
