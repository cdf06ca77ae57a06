import { type VideoPlan, type VideoProbe, videoCodec } from '../../contract/models.ts';
import { outputBitrate } from './output-bitrate.ts';
import { outputSize } from './output-size.ts';

/** More pictures per second than this no browser is asked to show. */
const maxFps = 60;

/** Profiles that every browser decodes; null: the container does not tell, as for VP8. */
const profiles: Record<string, readonly (string | null)[]> = {
  h264: ['Constrained Baseline', 'Baseline', 'Main', 'High'],
  vp9: ['Profile 0'],
  av1: ['Main'],
};

/** 8-bit 4:2:0, in limited and in full range. */
const pixelFormats: readonly (string | null)[] = ['yuv420p', 'yuvj420p'];

/**
 * Copies what a browser plays as it is; all else becomes H.264.
 *
 * @param containerBps bit rate of the whole source, for when the track's own is not known
 */
export function planVideo(
  video: VideoProbe,
  containerBps: number | null,
  options: { maxKeyframeIntervalMs: number; maxBitrateBps: number },
): VideoPlan {
  const reasons = reasonsAgainstCopy(video, options.maxKeyframeIntervalMs);
  const codec = videoCodec.safeParse(video.codec);
  const common = { index: video.index, from: video.codec, reasons };
  if (codec.success && reasons.length === 0) {
    const { width, height } = video;
    return {
      ...common,
      action: 'copy',
      codec: codec.data,
      width,
      height,
      fps: null,
      bitrateBps: null,
      deinterlace: false,
    };
  }
  const size = outputSize(video);
  const fps = Math.min(video.fps ?? 30, maxFps);
  const source = { codec: video.codec, bitrateBps: video.bitrateBps ?? containerBps };
  return {
    ...common,
    action: 'transcode',
    codec: 'h264',
    ...size,
    fps: (video.fps ?? 0) > maxFps ? maxFps : null,
    bitrateBps: outputBitrate(size, fps, source, options.maxBitrateBps),
    deinterlace: video.interlaced,
  };
}

function reasonsAgainstCopy(video: VideoProbe, maxKeyframeIntervalMs: number): string[] {
  const { codec, profile, pixelFormat, rotation } = video;
  if (!videoCodec.safeParse(codec).success) return [`${codec} → h264`];
  const reasons: string[] = [];
  if (profiles[codec]?.includes(profile) === false) reasons.push(`profile ${profile ?? 'unknown'}`);
  if (!pixelFormats.includes(pixelFormat)) reasons.push(`pixel format ${pixelFormat ?? 'unknown'}`);
  if (video.bFrames) reasons.push('B-frames');
  if (video.interlaced) reasons.push('interlaced');
  if (rotation !== 0) reasons.push(`rotated by ${rotation}°`);
  if (!video.squarePixels) reasons.push('pixels are not square');
  const interval = video.maxKeyframeIntervalMs;
  if (interval === null) reasons.push('distance of key frames unknown');
  else if (interval > maxKeyframeIntervalMs) reasons.push(`key frames up to ${seconds(interval)} s apart`);
  return reasons;
}

/** `10`, `2.6`: as short as it is exact to a tenth, never rounded down to a limit that it is past. */
function seconds(ms: number): number {
  return Math.ceil(ms / 100) / 10;
}
