import type { VideoCodec, VideoEncoder } from '../../contract/plan.ts';
import { type EncodedLayer, type EncoderOptions, h264Options } from './h264-encoder.ts';

/** Output options of ffmpeg to encode one rendition in real time, for nobody's later use: no B-frames, no looking ahead. */
export function encoderOptions(codec: VideoCodec, layer: EncodedLayer, h264: VideoEncoder): string[] {
  const own = codec === 'h264' ? h264Options(h264, layer) : encoders[codec](layer);
  const options = { ...own, ...timing(layer) };
  return Object.entries(options).flatMap(([name, value]) => [`-${name}:v:${layer.layer}`, `${value}`]);
}

const encoders: Record<Exclude<VideoCodec, 'h264'>, (layer: EncodedLayer) => EncoderOptions> = {
  vp8: (layer) => ({ c: 'libvpx', ...libvpx(layer) }),
  vp9: (layer) => ({ c: 'libvpx-vp9', ...libvpx(layer), 'row-mt': 1, 'tile-columns': 2 }),
  av1: ({ bitrateBps }) => ({
    ...{ c: 'libaom-av1', usage: 'realtime', 'cpu-used': 8, 'lag-in-frames': 0 },
    ...{ 'row-mt': 1, tiles: '2x1', threads: 4, ...constant(bitrateBps) },
  }),
};

function libvpx({ bitrateBps }: EncodedLayer): EncoderOptions {
  return {
    ...{ deadline: 'realtime', 'cpu-used': 8, 'lag-in-frames': 0, 'auto-alt-ref': 0 },
    ...{ threads: 4, ...constant(bitrateBps) },
  };
}

/** These encoders keep a ceiling only where the rate is constant. */
function constant(bitrateBps: number | null): EncoderOptions {
  return bitrateBps === null ? {} : { b: bitrateBps, maxrate: bitrateBps, bufsize: bitrateBps };
}

/**
 * Key frames at the first picture in each stretch of time, so that those of all renditions are at the same times, and
 * so that after a pause there are none to catch up with. Pictures keep their own times, not those of a grid.
 */
function timing({ fps, keyFrames }: EncodedLayer): EncoderOptions {
  // A hair is added, as times that should be whole need not be exact.
  const stretch = (time: string) => `floor(${time}*${1 / keyFrames}+0.001)`;
  const first = `isnan(prev_forced_t)+gt(${stretch('t')},${stretch('prev_forced_t')})`;
  return {
    force_key_frames: `expr:${first}`,
    g: Math.ceil(2 * keyFrames * (fps ?? 60)),
    ...{ fps_mode: 'vfr', enc_time_base: '1:90000' },
  };
}
