import type { VideoCodec } from '../../contract/models.ts';

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

/** Output options of ffmpeg to encode one rendition in real time, for nobody's later use: no B-frames, no looking ahead. */
export function encoderOptions(codec: VideoCodec, layer: EncodedLayer): string[] {
  const options = { ...encoders[codec](layer), ...timing(layer) };
  return Object.entries(options).flatMap(([name, value]) => [`-${name}:v:${layer.layer}`, `${value}`]);
}

type Options = Record<string, string | number>;

const encoders: Record<VideoCodec, (layer: EncodedLayer) => Options> = {
  h264: x264,
  vp8: (layer) => ({ c: 'libvpx', ...libvpx(layer) }),
  vp9: (layer) => ({ c: 'libvpx-vp9', ...libvpx(layer), 'row-mt': 1, 'tile-columns': 2 }),
  av1: ({ bitrateBps }) => ({
    ...{ c: 'libaom-av1', usage: 'realtime', 'cpu-used': 8, 'lag-in-frames': 0 },
    ...{ 'row-mt': 1, tiles: '2x1', threads: 4, ...constant(bitrateBps) },
  }),
};

function x264({ width, height, bitrateBps }: EncodedLayer): Options {
  return {
    ...{ c: 'libx264', preset: 'veryfast', tune: 'zerolatency' },
    // Constrained baseline is the one profile that every WebRTC endpoint decodes (RFC 7742, section 6.2).
    profile: 'baseline',
    // NUT would keep the parameter sets in its header; viewers need them in each key frame.
    flags: '-global_header',
    // With zerolatency each thread is a slice of its own: many of them cost quality.
    threads: width * height > 500_000 ? 4 : width * height > 150_000 ? 2 : 1,
    ...{ crf: 23, sc_threshold: 0 },
    ...(bitrateBps === null ? {} : { maxrate: bitrateBps, bufsize: bitrateBps }),
  };
}

function libvpx({ bitrateBps }: EncodedLayer): Options {
  return {
    ...{ deadline: 'realtime', 'cpu-used': 8, 'lag-in-frames': 0, 'auto-alt-ref': 0 },
    ...{ threads: 4, ...constant(bitrateBps) },
  };
}

/** These encoders keep a ceiling only where the rate is constant. */
function constant(bitrateBps: number | null): Options {
  return bitrateBps === null ? {} : { b: bitrateBps, maxrate: bitrateBps, bufsize: bitrateBps };
}

/**
 * Key frames at the first picture in each stretch of time, so that those of all renditions are at the same times, and
 * so that after a pause there are none to catch up with. Pictures keep their own times, not those of a grid.
 */
function timing({ fps, keyFrames }: EncodedLayer): Options {
  // A hair is added, as times that should be whole need not be exact.
  const stretch = (time: string) => `floor(${time}*${1 / keyFrames}+0.001)`;
  const first = `isnan(prev_forced_t)+gt(${stretch('t')},${stretch('prev_forced_t')})`;
  return {
    force_key_frames: `expr:${first}`,
    g: Math.ceil(2 * keyFrames * (fps ?? 60)),
    ...{ fps_mode: 'vfr', enc_time_base: '1:90000' },
  };
}
