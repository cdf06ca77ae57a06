import * as z from 'zod';
import type { AudioProbe, Probe, VideoProbe } from '../../contract/plan.ts';
import { seldomMs } from './seldom.ts';

/** In pixels; pixels may be said to be of any shape. ffmpeg counts no further. */
const maxWidth = 2 ** 31 - 1;
/** In pictures a second: more than any. */
const maxRate = 1000;
/** Tags may be as long as a file; what is shown of one is not. */
const maxTag = 200;

/** Which tracks each of several programmes has, as `-show_entries` takes it. */
export const programmeEntries = 'program=program_id:program_stream=index';

/** Numbers come as strings, and unknown ones as N/A or not at all. */
const numeric = z
  .union([z.string(), z.number()])
  .optional()
  .transform((value) => (value === undefined || !Number.isFinite(Number(value)) ? null : Number(value)));

/** The same of a count; a file may claim any. */
const count = numeric.transform((value) => (Number.isSafeInteger(value) ? value : null));

/** `30000/1001` or `16:15` as a number; `0/0` and `0:1` mean unknown. */
const ratio = z
  .string()
  .optional()
  .transform((text) => {
    const [num, den] = (text ?? '').split(/[/:]/).map(Number);
    return num && den ? num / den : null;
  });

const stream = z.object({
  index: z.int(),
  codec_type: z.string().optional(),
  codec_name: z.string().optional(),
  profile: z.string().optional(),
  width: z.int().optional(),
  height: z.int().optional(),
  has_b_frames: z.int().optional(),
  sample_aspect_ratio: ratio,
  pix_fmt: z.string().optional(),
  color_transfer: z.string().optional(),
  field_order: z.string().optional(),
  avg_frame_rate: ratio,
  r_frame_rate: ratio,
  bit_rate: count,
  start_time: numeric,
  duration: numeric,
  channels: z.int().optional(),
  sample_rate: count,
  disposition: z.record(z.string(), z.int()).default({}),
  tags: z.record(z.string(), z.string()).default({}),
  side_data_list: z.array(z.object({ rotation: numeric })).default([]),
});
type Stream = z.output<typeof stream>;

const packet = z.object({
  stream_index: z.int(),
  pts_time: z.string().default('N/A'),
  dts_time: z.string().default('N/A'),
  flags: z.string(),
  side_data_list: z.array(z.object({ side_data_type: z.string().optional() })).default([]),
});

/** One of several programmes in a container: which tracks it is made of. */
const programme = z.object({ streams: z.array(z.object({ index: z.int() })).default([]) });
type Programme = z.output<typeof programme>;

/** What `ffprobe -show_format -show_streams -show_packets -of json` and `programmeEntries` write, as far as it is used here. */
export const ffprobeOutput = z.object({
  programs: z.array(programme).default([]),
  packets: z.array(packet).default([]),
  streams: z.array(stream).default([]),
  format: z.object({ format_name: z.string(), start_time: numeric, duration: numeric, bit_rate: count }),
});
export type FfprobeOutput = z.output<typeof ffprobeOutput>;

/** Transfer characteristics that are not those of usual screens, as ffprobe names them (ITU-R BT.2100). */
const ranges: Readonly<Record<string, VideoProbe['highRange']>> = { smpte2084: 'PQ', 'arib-std-b67': 'HLG' };

/** What is probed, as far as ffprobe does not tell. */
export type Subject = Pick<Probe, 'path' | 'sizeBytes'>;

/** Pictures that belong to sound, or to a seek bar: covers and thumbnails. */
const stillKinds = ['attached_pic', 'timed_thumbnails', 'still_image'];

/**
 * ffprobe's answer in the project's own words. Tracks without a codec or a size are left out, as nothing can decode them.
 * What only packets can tell is not in it: `bFrames` is what the codec's header claims, `maxKeyframeIntervalMs` null.
 */
export function readFfprobeOutput({ path, sizeBytes }: Subject, output: FfprobeOutput): Probe {
  const { format, streams, programs } = output;
  const video = usual(streams.filter(isMovingPicture));
  const isOwn = (s: Stream) => isOfPicture(s, video, programs);
  const sound = usual(streams.filter((s) => isSound(s) && isOwn(s)));
  const cover = video ? undefined : streams.find(isCover);
  return {
    path,
    format: format.format_name,
    durationMs: durationMsOf(
      output,
      [video, sound].filter((s) => s !== undefined),
    ),
    startMs: seconds(format.start_time ?? 0),
    sizeBytes,
    // Without an end ffprobe adds up the tracks whose rate it knows.
    bitrateBps: format.duration ? format.bit_rate || null : null,
    video: video ? readVideo(video) : null,
    ...(cover && { cover: cover.index }),
    audioTracks: streams
      .filter(isSound)
      .map((s, track) => readAudio(s, track, isOwn(s)))
      .filter((track) => track.codec !== '' && track.channels > 0 && track.sampleRateHz > 0),
  };
}

/** Whether a track is in one programme with the picture; there may be no programmes, and tracks in none of them. */
function isOfPicture(
  { index }: Stream,
  video: Stream | undefined,
  programmes: readonly Programme[],
): boolean {
  const withTrack = programmes.filter(({ streams }) => streams.some((one) => one.index === index));
  const isBeside = ({ streams }: Programme) => streams.some((one) => one.index === video?.index);
  return video === undefined || withTrack.length === 0 || withTrack.some(isBeside);
}

/** The one that players take, where nobody says which. */
function usual(tracks: readonly Stream[]): Stream | undefined {
  return tracks.find((s) => s.disposition.default === 1) ?? tracks[0];
}

/** Subtitles and other sound may go on for longer than what is played, in s: else the container has its exact length. */
const longerS = 1;

/** How long what is played is, in ms; null: not known. */
function durationMsOf({ format }: FfprobeOutput, played: readonly Stream[]): number | null {
  // What comes live has a length of 0 with RTMP.
  if (!format.duration) return null;
  const ends = played.map((track) => endS(track, format.start_time ?? 0));
  const known = ends.filter((end) => end !== null);
  const playedS = known.length === ends.length ? Math.max(0, ...known) : 0;
  return seconds(playedS > 0 && format.duration - playedS > longerS ? playedS : format.duration);
}

/** Where a track ends, in s from the beginning of all; null: nobody says. Matroska has it in a tag. */
function endS({ start_time, duration, tags }: Stream, startS: number): number | null {
  if (duration !== null) return (start_time ?? startS) - startS + duration;
  const [, hours, minutes, s] = /^(\d+):(\d+):([\d.]+)$/.exec(tags.DURATION ?? '') ?? [];
  return s === undefined ? null : Number(hours) * 3600 + Number(minutes) * 60 + Number(s) - startS;
}

/** The packets of a track as `readPacketTimes` takes them. */
export function packetsOf({ packets }: FfprobeOutput, { index }: { index: number }): string {
  return packets
    .filter(({ stream_index }) => stream_index === index)
    .map(({ pts_time, dts_time, flags }) => `${pts_time},${dts_time},${flags}`)
    .join('\n');
}

/** Whether what was seen of it is encrypted (Common Encryption, ISO/IEC 23001-7): ffmpeg reads on, and nothing can be decoded. */
export function isEncrypted({ packets }: FfprobeOutput): boolean {
  return packets.some(({ side_data_list }) =>
    side_data_list.some(({ side_data_type }) => side_data_type === 'Encryption info'),
  );
}

/** Whether there is a picture of which nothing is known but its codec, as its beginning was not seen. */
export function lacksKeyFrame({ streams }: FfprobeOutput): boolean {
  return streams.some((s) => isPicture(s) && !s.width && !s.height);
}

function isSound(s: Stream): boolean {
  return s.codec_type === 'audio';
}

function isMovingPicture(s: Stream): boolean {
  return isPicture(s) && (s.width ?? 0) > 0 && (s.height ?? 0) > 0;
}

function isPicture(s: Stream): boolean {
  const still = stillKinds.some((kind) => s.disposition[kind] === 1);
  return s.codec_type === 'video' && s.codec_name !== undefined && !still;
}

/** A picture that belongs to sound. */
function isCover(s: Stream): boolean {
  const isThere = s.codec_type === 'video' && s.codec_name !== undefined && (s.width ?? 0) > 0;
  return isThere && s.disposition.attached_pic === 1;
}

function readVideo(s: Stream): VideoProbe {
  const aspect = s.sample_aspect_ratio ?? 1;
  // Encoders round 853.33 pixels to 853 or 854 and say so by an aspect near 1: nobody sees it.
  const squarePixels = Math.abs(aspect - 1) < 0.015;
  const { width = 0, height = 0 } = s;
  const range = ranges[s.color_transfer ?? ''];
  const shown = [squarePixels ? width : Math.min(Math.round(width * aspect), maxWidth), height];
  const rotation = clockwise(s);
  if (rotation % 180 !== 0) shown.reverse();
  // Where one of the rates is only that of the container's clock, the other one is lower.
  const intervalMs = 1000 / Math.min(s.avg_frame_rate ?? maxRate, s.r_frame_rate ?? maxRate);
  return {
    index: s.index,
    codec: s.codec_name ?? '',
    profile: s.profile ?? null,
    width: shown[0] ?? 0,
    height: shown[1] ?? 0,
    rotation,
    fps: s.avg_frame_rate,
    pixelFormat: s.pix_fmt ?? null,
    ...(range && { highRange: range }),
    interlaced: ['tt', 'bb', 'tb', 'bt'].includes(s.field_order ?? ''),
    squarePixels,
    bFrames: (s.has_b_frames ?? 0) > 0,
    maxKeyframeIntervalMs: null,
    ...(intervalMs > seldomMs && { pictureIntervalMs: Math.round(intervalMs) }),
    bitrateBps: s.bit_rate || integer(s.tags.BPS) || null,
  };
}

/** The display matrix counts against the clock; the `rotate` tag of older ffprobe counts with it. */
function clockwise(s: Stream): number {
  const matrix = s.side_data_list.find((data) => data.rotation !== null)?.rotation;
  const degrees = matrix === undefined || matrix === null ? (integer(s.tags.rotate) ?? 0) : -matrix;
  return (((Math.round(degrees / 90) * 90) % 360) + 360) % 360;
}

function readAudio(s: Stream, track: number, ofPicture: boolean): AudioProbe {
  return {
    track,
    index: s.index,
    codec: s.codec_name ?? '',
    channels: s.channels ?? 0,
    sampleRateHz: s.sample_rate ?? 0,
    language: s.tags.language?.slice(0, maxTag) ?? null,
    title: s.tags.title?.slice(0, maxTag) ?? null,
    default: s.disposition.default === 1,
    ofPicture,
    bitrateBps: s.bit_rate || integer(s.tags.BPS) || null,
  };
}

function integer(text: string | undefined): number | null {
  return text !== undefined && /^-?\d{1,15}$/.test(text) ? Number(text) : null;
}

function seconds(value: number): number {
  return Math.round(value * 1000);
}
