import Ffmpeg from 'fluent-ffmpeg';
import type { AudioPlan, Plan, VideoPlan } from '../../contract/plan.ts';
import type { Input } from '../sources/input.ts';
import { isFollowed, joinedSides, soundFilter } from './sound-filters.ts';
import { videoOutput } from './video-output.ts';

/**
 * All times in the stream are so much later than the source's, in ms: NUT has no negative times, but encoders and key
 * frames before the start do. 100 s is far more than any of them.
 */
export const timeOffsetMs = 100_000;

/** Where to begin, and where to end; only for a source that can be begun anywhere. */
export interface PlaybackOptions {
  /**
   * Place in the source to begin at, in ms after its first picture or sound; default 0. A transcoded picture begins
   * there; a copied one, and the sound with it, at the key frame before (MPEG-TS: at the next).
   */
  readonly startMs?: number | undefined;
  /** Place in the source to end at, in ms; default its end. */
  readonly stopMs?: number | undefined;
  /** All before `startMs` is read and dropped, as nothing can be sought in it; a copy begins at the next key frame. Default false. */
  readonly passes?: boolean | undefined;
  /** Its times are passed on as they are where they leave something out, however long. Default false. */
  readonly placed?: boolean | undefined;
  /** Loudness; default 100, as it comes. Any other makes a copy impossible. */
  readonly volumePercent?: number;
  /**
   * Its loudness can be changed while it plays, by commands to `volumeFilter`, unless its sound is copied: then ffmpeg reads
   * its standard input. Default false.
   */
  readonly commanded?: boolean;
  /** What its sound is raised by at its beginning, in dB, where that follows what is heard. Default 0. */
  readonly fromDb?: number;
}

/** Whether sound is encoded: what would be copied can be made louder only so. */
export function encodesSound(audio: AudioPlan | null, volumePercent: number): boolean {
  return audio !== null && (audio.action === 'transcode' || volumePercent !== 100);
}

/** The descriptor that ffmpeg writes its sound to where that is apart: behind its standard streams, and what it finds at 3. */
export const soundFd = 4;
/** The same for ffmpeg. */
export const soundOutput = `pipe:${soundFd}`;

/**
 * ffmpeg's arguments (seen with 5.1 and 7.0) to play a source by a plan: a NUT stream of timed frames on standard output, its
 * renditions first, the lowest as stream 0, complaints with their level on standard error. The sound of what comes when it is due is at
 * `soundOutput`. ffmpeg reads as fast as its output is taken. A frame's time is that in the source, counted from `startMs`, plus `timeOffsetMs`; both tracks are moved alike.
 */
export function ffmpegArgs(plan: Plan, input: Input, options: PlaybackOptions = {}): string[] {
  const { video, audio } = plan;
  const command = Ffmpeg();
  const endOutput = () =>
    command.outputOptions([...(options.passes ? startOptions(options) : []), ...streamOptions(input)]);
  const picture = video && videoOutput(video, `0:${video.index}`);
  for (const [index, part] of input.parts.entries()) {
    command
      .input(part.location)
      .inputOptions([
        ...(index === 0
          ? [
              ...timeOptions(options),
              ...programOptions(takesCommands(plan.audio, options)),
              ...(picture?.hardware ?? []),
            ]
          : ['-isync', '0']),
        ...(input.parts.length > 1 ? queueOptions : []),
        ...part.options,
        ...(index === 0 ? decoderOptions(video, input) : []),
        ...stretchOptions(options, video),
      ]);
  }
  if (picture) {
    if (picture.filters) command.complexFilter(picture.filters);
    command.outputOptions([...picture.options]);
  }
  command.output('pipe:1');
  if (givesSoundApart(plan, input)) {
    endOutput();
    command.output(soundOutput);
  }
  if (audio) {
    const { volumePercent = 100, commanded = false, fromDb = 0 } = options;
    const action = encodesSound(audio, volumePercent) ? 'transcode' : 'copy';
    const part = input.parts.length - 1;
    const filter = soundFilter(audio, { volumePercent, commanded, fromDb });
    command.outputOptions(audioOptions({ ...audio, action }, part));
    if (audio.sides) command.complexFilter(`${joinedSides(audio.sides, part)},${filter}${joined}`);
    else if (action === 'transcode') command.audioFilters(filter);
  }
  // Composing only: fluent-ffmpeg's own start would look for capabilities, which it misreads in ffmpeg 7.
  return endOutput()._getArguments();
}

/**
 * Whether sound comes at `soundOutput`, and pictures alone on standard output: of what comes when it is due, neither waits for the other
 * in a muxer. Else one muxer has both, so that whoever waits with the one holds up the other.
 */
function givesSoundApart({ video, audio }: Plan, { live, realTime = true }: Input): boolean {
  return video !== null && audio !== null && live === true && realTime;
}

/** Packets that each of several inputs may be ahead: a picture of a screen as it is has 8 MB. */
const queueOptions = ['-thread_queue_size', '32'];

/** Whether ffmpeg reads its standard input: it is told how loud its sound is to be. */
export function takesCommands(audio: AudioPlan | null, { commanded = false }: PlaybackOptions): boolean {
  return commanded || (audio !== null && isFollowed(audio));
}

function programOptions(listens: boolean): string[] {
  return ['-hide_banner', ...(listens ? [] : ['-nostdin']), '-nostats', '-loglevel', 'level+warning'];
}

/**
 * Threads that each decode a picture of their own keep as many pictures back as they are: half a second on sixteen cores, minutes where
 * pictures come seldom.
 */
function decoderOptions(video: VideoPlan | null, { live }: Input): string[] {
  const decodes = video !== null && (video.action === 'transcode' || video.lower.length > 0);
  return (live === true || video?.seldom) && decodes ? ['-thread_type:v', 'slice'] : [];
}

/** Beyond its threshold, in s, ffmpeg takes what is missing for a jump, and closes the gap. */
function timeOptions({ placed = false }: PlaybackOptions): string[] {
  return placed ? ['-dts_delta_threshold', '1000000'] : [];
}

function startOptions({ startMs = 0 }: PlaybackOptions): string[] {
  return startMs > 0 ? ['-ss', seconds(startMs)] : [];
}

function stretchOptions(options: PlaybackOptions, video: VideoPlan | null): string[] {
  const { stopMs, passes = false } = options;
  const start = passes ? [] : startOptions(options);
  if (start.length > 0 && video?.action === 'copy') start.unshift('-noaccurate_seek');
  return stopMs === undefined ? start : [...start, '-to', seconds(stopMs)];
}

/** ffmpeg's clock counts in µs. */
function seconds(ms: number): string {
  return (ms / 1000).toFixed(Number.isInteger(ms) ? 3 : 6);
}

/** What two sides become. */
const joined = '[sound]';

/** @param part the number of the input that has the sound */
function audioOptions(audio: AudioPlan, part: number): string[] {
  const map = ['-map', audio.sides ? joined : `${part}:${audio.index}`];
  if (audio.action === 'copy') return [...map, '-c:a', 'copy'];
  const bitrate = audio.bitrateBps === null ? [] : ['-b:a', `${audio.bitrateBps}`];
  return [
    ...map,
    ...['-c:a', 'libopus', ...bitrate, '-ac', '2'],
    ...['-application', 'audio', '-frame_duration', '20', '-compression_level', '7'],
  ];
}

/** Where one track ends or pauses, the other is held back for so long, in µs of media, not for ffmpeg's usual 10 s. */
const heldBackUs = 1_000_000;
/** The same where whatever is held back comes late. */
const liveHeldBackUs = 100_000;

function streamOptions({ live }: Input): string[] {
  return [
    ...['-map_metadata', '-1', '-map_chapters', '-1'],
    ...['-output_ts_offset', `${timeOffsetMs / 1000}`, '-avoid_negative_ts', 'disabled'],
    ...['-max_interleave_delta', `${live === true ? liveHeldBackUs : heldBackUs}`, '-flush_packets', '1'],
    ...['-write_index', '0', '-f', 'nut'],
  ];
}
