import Ffmpeg from 'fluent-ffmpeg';
import type { AudioPlan, Plan, VideoPlan } from '../../contract/models.ts';
import { fileInput, fileInputOptions } from './file-input.ts';
import { videoOutput } from './video-output.ts';

/**
 * All times in the stream are so much later than the source's, in ms: NUT has no negative times, but encoders and key
 * frames before the start do. 100 s is far more than any of them.
 */
export const timeOffsetMs = 100_000;

/** Where to begin. */
export interface PlaybackOptions {
  /** Absolute path of the file. */
  readonly path: string;
  /**
   * Place in the source to begin at, in ms after its first picture or sound; default 0. A transcoded picture begins
   * there; a copied one, and the sound with it, at the key frame before (MPEG-TS: at the next).
   */
  readonly startMs?: number;
}

/**
 * ffmpeg's arguments (seen with 5.1 and 7.0) to play a file by a plan: a NUT stream of timed frames on standard output, its
 * renditions first, the lowest as stream 0, complaints with their level on standard error. ffmpeg reads as fast as its output is taken.
 * A frame's time is that in the source, counted from `startMs`, plus `timeOffsetMs`; both tracks are moved alike.
 */
export function ffmpegArgs({ video, audio }: Plan, { path, startMs = 0 }: PlaybackOptions): string[] {
  const command = Ffmpeg(fileInput(path)).inputOptions([
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'level+warning'],
    ...fileInputOptions,
    ...(startMs > 0 ? seekOptions(startMs, video) : []),
  ]);
  if (video) {
    const { filters, options } = videoOutput(video, `0:${video.index}`);
    if (filters) command.complexFilter(filters);
    command.outputOptions([...options]);
  }
  if (audio) {
    command.outputOptions(audioOptions(audio));
    // Holes are filled with silence and overlaps cut, so that counted samples stay with the picture.
    if (audio.action === 'transcode') command.audioFilters('aresample=48000:async=1');
  }
  // Composing only: fluent-ffmpeg's own start would look for capabilities, which it misreads in ffmpeg 7.
  return command.outputOptions(streamOptions).output('pipe:1')._getArguments();
}

function seekOptions(startMs: number, video: VideoPlan | null): string[] {
  const exact = video?.action !== 'copy';
  return [...(exact ? [] : ['-noaccurate_seek']), '-ss', (startMs / 1000).toFixed(3)];
}

function audioOptions(audio: AudioPlan): string[] {
  const map = ['-map', `0:${audio.index}`];
  if (audio.action === 'copy') return [...map, '-c:a', 'copy'];
  const bitrate = audio.bitrateBps === null ? [] : ['-b:a', `${audio.bitrateBps}`];
  return [
    ...map,
    ...['-c:a', 'libopus', ...bitrate, '-ac', '2'],
    ...['-application', 'audio', '-frame_duration', '20'],
  ];
}

const streamOptions: string[] = [
  ...['-map_metadata', '-1', '-map_chapters', '-1'],
  ...['-output_ts_offset', `${timeOffsetMs / 1000}`, '-avoid_negative_ts', 'disabled'],
  // Where one track ends or pauses, the other is held back for 1 s of media (in µs), not for ffmpeg's usual 10.
  ...['-max_interleave_delta', '1000000', '-flush_packets', '1'],
  ...['-write_index', '0', '-f', 'nut'],
];
