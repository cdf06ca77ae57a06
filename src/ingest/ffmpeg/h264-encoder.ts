import { type EncoderName, ffmpegEncoder } from '../../contract/encoders.ts';
import type { VideoEncoder } from '../../contract/plan.ts';

/** One rendition to be encoded. */
export interface EncodedLayer {
  /** Which of ffmpeg's video streams it is. */
  readonly layer: number;
  readonly width: number;
  readonly height: number;
  readonly fps: number | null;
  readonly bitrateBps: number | null;
  /** Distance of key frames, in s. */
  readonly keyFrames: number;
}

/** Options of ffmpeg by their names. */
export type EncoderOptions = Record<string, string | number>;

/** The encoder that needs no hardware. */
export const x264Encoder: VideoEncoder = { name: 'x264', device: null, instead: null };

/** Options to encode H.264 in real time: no B-frames, no looking ahead, parameter sets in the stream. */
export function h264Options({ name }: VideoEncoder, layer: EncodedLayer): EncoderOptions {
  // NUT would keep the parameter sets in its header; viewers need them in each key frame.
  return { c: ffmpegEncoder(name), flags: '-global_header', ...encoders[name](layer) };
}

/** Options before the first input; they hold for all outputs. */
export function hardwareOptions({ name, device }: VideoEncoder): string[] {
  if (name !== 'vaapi') return [];
  return [
    '-init_hw_device',
    device === null ? 'vaapi=gpu' : `vaapi=gpu:${device}`,
    '-filter_hw_device',
    'gpu',
  ];
}

/** What pictures have to be for an encoder: their format, and a filter that takes them to its memory, if it has its own. */
export function pictureFor({ name }: VideoEncoder): {
  readonly format: string;
  readonly upload: string | null;
} {
  if (name === 'x264') return { format: 'yuv420p', upload: null };
  return { format: 'nv12', upload: name === 'vaapi' ? 'hwupload' : null };
}

/**
 * x264 keeps a ceiling over so much of a second. What it has saved it spends at once when a file begins or the scene changes,
 * and a line that carries no more than the lowest rendition has to take that too.
 */
const mostSavedS = 0.5;

/** Constrained baseline is the one profile that every WebRTC endpoint decodes (RFC 7742, section 6.2). */
const encoders: Record<EncoderName, (layer: EncodedLayer) => EncoderOptions> = {
  x264: ({ width, height, bitrateBps, keyFrames }) => ({
    ...{ preset: 'veryfast', tune: 'zerolatency', profile: 'baseline' },
    // With zerolatency each thread is a slice of its own: many of them cost quality.
    threads: width * height > 500_000 ? 4 : width * height > 150_000 ? 2 : 1,
    ...{ crf: 23, sc_threshold: 0 },
    ...(bitrateBps === null
      ? {}
      : { maxrate: bitrateBps, bufsize: Math.round(bitrateBps * Math.min(keyFrames, mostSavedS)) }),
  }),
  vaapi: ({ bitrateBps }) => ({
    ...{ profile: 'constrained_baseline', async_depth: 1 },
    ...inHardware(bitrateBps),
  }),
  nvenc: ({ bitrateBps }) => ({
    ...{ preset: 'p3', tune: 'ull', zerolatency: 1, delay: 0, profile: 'baseline', rc: 'vbr' },
    ...{ 'forced-idr': 1, ...inHardware(bitrateBps) },
  }),
  qsv: ({ bitrateBps }) => ({
    ...{ preset: 'veryfast', async_depth: 1, profile: 'baseline', forced_idr: 1 },
    ...inHardware(bitrateBps),
  }),
  v4l2m2m: ({ bitrateBps }) => ({
    // Constrained baseline by its number: this encoder has no names of its own (FF_PROFILE_H264_CONSTRAINED_BASELINE).
    profile: 578,
    ...inHardware(bitrateBps),
  }),
};

/** 'As good as this, below a ceiling' is not for all of them: they aim below it, so that hard pictures have room. */
const aim = 0.8;

function inHardware(bitrateBps: number | null): EncoderOptions {
  if (bitrateBps === null) return { bf: 0 };
  return { bf: 0, b: Math.round(bitrateBps * aim), maxrate: bitrateBps, bufsize: bitrateBps };
}
