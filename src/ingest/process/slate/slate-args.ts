import type { Card } from '../../../contract/card-words.ts';
import type { Probe, VideoCodec } from '../../../contract/plan.ts';
import { timeOffsetMs } from '../../ffmpeg/args.ts';
import { plainSound } from '../../ffmpeg/sound-filters.ts';
import { asBrowsersTake } from '../../ffmpeg/video-output.ts';
import { usualTrack } from '../../plan/usual-track.ts';
import type { InputPart } from '../../sources/input.ts';
import { cardFilters, ground } from './card.ts';
import { encoderOptions, keyFrameIntervalS } from './encoder-options.ts';

/** How the pictures of a slate are to be. */
export interface PictureFormat {
  readonly codec: VideoCodec;
  /** In pixels, even numbers. */
  readonly width: number;
  readonly height: number;
  readonly fps: number;
}

/** Pictures per second where nothing moves: with fewer, browsers count the distance of two pictures as a freeze. */
export const stillFps = 20;
/** Of a clip at most. */
export const maxClipFps = 30;
/** The longest clip: it is kept in memory. */
export const maxClipMs = 120_000;
/** Ceiling of a clip that moves. */
const maxClipBitrateBps = 2_500_000;
const firstOptions = ['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+warning'];
const pixels = 'setsar=1,format=yuv420p';

/** ffmpeg's arguments for cards, a second each; `wordless`: for their ground alone. */
export function cardArgs(cards: readonly Card[], format: PictureFormat, wordless = false): string[] {
  const { width, height, fps } = format;
  const input = `color=c=${ground}:s=${width}x${height}:r=1/${keyFrameIntervalS}:d=${cards.length * keyFrameIntervalS}`;
  const filters = [...(wordless ? [] : [cardFilters(cards, format)]), pixels, `fps=${fps}`].join(',');
  // Of one that counts down there are as many as it has seconds.
  const preset = cards.length > 1 ? 'veryfast' : 'medium';
  return [...firstOptions, '-f', 'lavfi', '-i', input, '-vf', filters, ...stillOutput(format, preset)];
}

/**
 * For the first picture of an input's stream `track`, in the middle of the ground, as large as it fits.
 *
 * @param isImage its colours are those of images, not of films
 */
export function pictureArgs(
  input: InputPart,
  track: number,
  format: PictureFormat,
  isImage: boolean,
): string[] {
  const { width, height, fps } = format;
  const scaled = `scale=${width}:${height}:force_original_aspect_ratio=decrease`;
  const fitted = isImage ? `format=rgba,${scaled}:${asBrowsersTake}` : scaled;
  const graph = [
    `[0:${track}]trim=end_frame=1,${fitted},format=yuva420p,pad=${width}:${height}:-1:-1:color=${ground},split[picture][again]`,
    // The ground is made from the picture too: where an input has none, nothing comes out, and that is told.
    `[again]drawbox=color=${ground}:t=fill:replace=1,format=yuv420p[ground]`,
    `[ground][picture]overlay,loop=${fps * keyFrameIntervalS - 1}:1,settb=1/${fps},setpts=N,fps=${fps},${pixels}[out]`,
  ];
  return [
    ...[...firstOptions, ...input.options, '-i', input.location],
    ...['-filter_complex', graph.join(';'), '-map', '[out]', ...stillOutput(format)],
  ];
}

/** For a clip as a whole, with its sound if it has any. */
export function clipArgs(file: InputPart, { video, audioTracks }: Probe, format: PictureFormat): string[] {
  const sound = usualTrack(audioTracks);
  return [
    ...[...firstOptions, ...file.options, '-i', file.location],
    ...['-map', `0:${video?.index ?? 'v'}`],
    ...['-vf', `fps=${format.fps},scale=${format.width}:${format.height},${pixels}`],
    ...encoderOptions(format.codec, format.fps, maxClipBitrateBps),
    ...(sound === undefined ? [] : ['-map', `0:${sound.index}`, ...soundOptions]),
    // Its times may jump, whatever its length is said to be.
    ...['-t', `${maxClipMs / 1000}`],
    ...output,
  ];
}

function stillOutput({ codec, fps }: PictureFormat, preset?: 'medium' | 'veryfast'): string[] {
  return ['-an', ...encoderOptions(codec, fps, null, preset), ...output];
}

const soundOptions = [
  ...['-af', plainSound.join(','), '-c:a', 'libopus', '-b:a', '96k', '-ac', '2'],
  ...['-application', 'audio', '-frame_duration', '20'],
];

const output = [
  ...['-map_metadata', '-1', '-map_chapters', '-1', '-fps_mode:v', 'passthrough'],
  // NUT has no negative times, but sound that an encoder puts before the start has.
  ...['-output_ts_offset', `${timeOffsetMs / 1000}`, '-avoid_negative_ts', 'disabled'],
  ...['-write_index', '0', '-f', 'nut', 'pipe:1'],
];
