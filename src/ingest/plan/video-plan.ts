import { type VideoPlan, type VideoProbe, videoCodec } from '../../contract/plan.ts';
import type { ReasonCode } from '../../contract/plan-reasons.ts';
import { type RenditionName, renditionPixels } from '../../contract/rendition-names.ts';
import { affordable } from './affordable.ts';
import { lowerRenditions, namesOf, topOf } from './ladder.ts';
import { outputBitrate } from './output-bitrate.ts';
import { outputSize } from './output-size.ts';
import type { PlanOptions } from './plan-options.ts';
import { type Reason, reasonsOf } from './reason.ts';

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
 * Copies what a browser plays as it is; all else becomes H.264, or what the broadcast is in. Lower renditions are
 * transcoded in the same codec.
 *
 * @param containerBps bit rate of the whole source, for when the track's own is not known
 * @throws MiroliveError RENDITIONS_TOO_HEAVY
 */
export function planVideo(video: VideoProbe, containerBps: number | null, options: PlanOptions): VideoPlan {
  const { renditions, capacity } = options;
  const planWith = (names: readonly RenditionName[]) => planRenditions(video, containerBps, names, options);
  const plan = affordable(renditions, namesOf(renditions, video), video, capacity, planWith);
  const ladder = options.ladder ?? plan.ladder;
  const made = [plan.name, ...plan.lower.map(({ name }) => name)];
  const leftOut = renditions === 'auto' ? [] : renditions.filter((name) => !made.includes(name));
  const encodes = plan.action === 'transcode' || plan.lower.length > 0;
  return {
    ...plan,
    ...(ladder !== undefined && { ladder }),
    ...(leftOut.length > 0 && { leftOut }),
    ...(video.pictureIntervalMs !== undefined && { seldom: true }),
    ...(encodes && plan.codec === 'h264' && { encoder: options.encoder }),
  };
}

function planRenditions(
  video: VideoProbe,
  containerBps: number | null,
  names: readonly RenditionName[],
  options: PlanOptions,
): VideoPlan {
  const top = topOf(names, video);
  const reasons = reasonsAgainstCopy(video, top, options);
  const source = { ...video, bitrateBps: video.bitrateBps ?? containerBps };
  const lower = lowerRenditions(names, source, options.maxBitrateBps);
  const common = { index: video.index, from: video.codec, ...reasonsOf(reasons), name: top, lower };
  const own = videoCodec.safeParse(video.codec);
  if (own.success && reasons.length === 0) {
    const { width, height } = video;
    return {
      ...common,
      action: 'copy',
      codec: own.data,
      width,
      height,
      fps: null,
      bitrateBps: null,
      deinterlace: false,
    };
  }
  const size = outputSize(video, renditionPixels[top]);
  const fps = Math.min(video.fps ?? 30, maxFps);
  return {
    ...common,
    action: 'transcode',
    codec: options.codec ?? 'h264',
    ...size,
    fps: (video.fps ?? 0) > maxFps ? maxFps : null,
    bitrateBps: outputBitrate(size, fps, source, options.maxBitrateBps),
    deinterlace: video.interlaced,
    ...(/^(?:rgb|bgr|gbr|argb|abgr|0rgb|0bgr|pal8)/.test(video.pixelFormat ?? '') && { rgb: true as const }),
    ...(video.highRange && options.toneMaps && { toneMap: video.highRange }),
  };
}

function reasonsAgainstCopy(
  video: VideoProbe,
  top: RenditionName,
  options: Pick<PlanOptions, 'codec' | 'maxKeyframeIntervalMs' | 'toneMaps'>,
): Reason[] {
  const { codec, profile, pixelFormat, rotation, highRange } = video;
  const wanted = options.codec ?? 'h264';
  const reasons: Reason[] = [];
  const add = (code: ReasonCode, words: string) => reasons.push({ code, words });
  const isOther = !videoCodec.safeParse(codec).success;
  if (isOther) add('VIDEO_CODEC', `${codec} → ${wanted}`);
  if (highRange !== undefined) add('HIGH_RANGE', colourWords(highRange, options.toneMaps));
  if (isOther) return reasons;
  if (options.codec !== null && codec !== options.codec)
    add('BROADCAST_CODEC', `the broadcast is in ${wanted}`);
  if (top !== 'source') add('LARGER', `larger than ${top}`);
  if (profiles[codec]?.includes(profile) === false) add('PROFILE', `profile ${profile ?? 'unknown'}`);
  if (!pixelFormats.includes(pixelFormat)) add('PIXEL_FORMAT', `pixel format ${pixelFormat ?? 'unknown'}`);
  if (video.bFrames) add('B_FRAMES', 'B-frames');
  if (video.intraRefresh) add('INTRA_REFRESH', 'intra refresh');
  if (video.edited) add('EDIT_LIST', 'pictures cut off by an edit list');
  if (video.interlaced) add('INTERLACED', 'interlaced');
  if (rotation !== 0) add('ROTATED', `rotated by ${rotation}°`);
  if (!video.squarePixels) add('PIXEL_SHAPE', 'pixels are not square');
  const interval = video.maxKeyframeIntervalMs;
  if (interval === null) add('UNKNOWN_KEY_FRAMES', 'distance of key frames unknown');
  else if (interval > options.maxKeyframeIntervalMs)
    add('SELDOM_KEY_FRAMES', `key frames up to ${seconds(interval)} s apart`);
  if (video.pictureIntervalMs !== undefined)
    add('SELDOM_PICTURES', `pictures up to ${seconds(video.pictureIntervalMs)} s apart`);
  return reasons;
}

function colourWords(range: string, toneMaps: boolean): string {
  return toneMaps
    ? `HDR (${range}) → BT.709`
    : `HDR (${range}), which stays pale: ffmpeg has no zscale and tonemap`;
}

/** `10`, `2.6`: as short as it is exact to a tenth, never rounded down to a limit that it is past. */
function seconds(ms: number): number {
  return Math.ceil(ms / 100) / 10;
}
