import * as z from 'zod';
import { encoderNames } from './encoders.ts';
import { reasonCodes } from './plan-reasons.ts';
import { maxRenditions } from './rendition-names.ts';
import { renditionName } from './renditions.ts';

/** Ways to keep colours beyond the range of usual screens (ITU-R BT.2100). */
const highRange = z.enum(['PQ', 'HLG']);

/** What ffprobe says of the video track, in the project's own words. */
export const videoProbe = z.strictObject({
  /** The index of the stream inside the container. */
  index: z.int(),
  /** ffmpeg's name of the codec: h264, hevc, vp8, vp9, av1 … */
  codec: z.string(),
  profile: z.string().nullable(),
  /** Size as it is shown, in pixels: after rotation and pixel aspect ratio. */
  width: z.int(),
  height: z.int(),
  /** Clockwise turn that players apply, in degrees: 0, 90, 180 or 270. */
  rotation: z.int(),
  /** Mean frames per second; null where the container does not tell. */
  fps: z.number().nullable(),
  pixelFormat: z.string().nullable(),
  /** Its colours are beyond the range of usual screens; missing: they are not. */
  highRange: highRange.optional(),
  interlaced: z.boolean(),
  /** False where pixels are to be stretched to be shown right, which browsers do not do. */
  squarePixels: z.boolean(),
  bFrames: z.boolean(),
  /** Few or none of its pictures are whole, as parts of each are renewed in turn; missing: none was seen to be so. */
  intraRefresh: z.literal(true).optional(),
  /** Some of its pictures are not to be shown, as an edit list says (ISO/IEC 14496-12); missing: none was seen to be so. */
  edited: z.literal(true).optional(),
  /** The longest distance between two key frames that was seen, in ms; null: not measured. */
  maxKeyframeIntervalMs: z.number().nullable(),
  /** How far apart its pictures are, in ms, where that is more than a second; missing: none were seen to be so. */
  pictureIntervalMs: z.number().optional(),
  bitrateBps: z.int().nullable(),
});

/** What ffprobe says of one audio track. */
export const audioProbe = z.strictObject({
  /** The number to give to `--audio-track`: 0 for the first. */
  track: z.int(),
  index: z.int(),
  codec: z.string(),
  channels: z.int(),
  sampleRateHz: z.int(),
  language: z.string().nullable(),
  title: z.string().nullable(),
  default: z.boolean(),
  /** False: a container of several programmes (MPEG-TS) has it in another one than the picture. */
  ofPicture: z.boolean(),
  bitrateBps: z.int().nullable(),
});

/** What a list of HLS says of one of several variants; 0: it does not. */
const variantProbe = z.strictObject({
  bandwidthBps: z.int(),
  width: z.int(),
  height: z.int(),
  /** As RFC 6381 names them; null: it does not say. */
  codecs: z.string().nullable(),
});

/** The variants of a list of HLS, and the number of the one that is played, 0 the first. */
export const variants = z.strictObject({ chosen: z.int(), found: z.array(variantProbe).max(100) });
export type Variants = z.infer<typeof variants>;

/** ffmpeg reads no more of a source (`max_streams` of its formats). */
const maxTracks = 1000;

/** What is inside a source. */
export const probe = z.strictObject({
  /** What was looked at: the path of a file, an address without its secrets. */
  path: z.string(),
  /** ffmpeg's name of the container. */
  format: z.string(),
  durationMs: z.number().nullable(),
  /** Time stamp of the first packet, in ms; negative in files with priming. */
  startMs: z.number(),
  /** null: not known, or without end. */
  sizeBytes: z.int().nullable(),
  bitrateBps: z.int().nullable(),
  video: videoProbe.nullable(),
  audioTracks: z.array(audioProbe).max(maxTracks),
  /** Missing where there is no choice. */
  variants: variants.optional(),
  /** Index of the picture that belongs to its sound, and stands still; missing: it has none, or a picture that moves. */
  cover: z.int().min(0).optional(),
  /** RTSP of a server that sends by UDP alone; missing: it does not. */
  byUdp: z.literal(true).optional(),
});
export type Probe = z.infer<typeof probe>;
export type VideoProbe = z.infer<typeof videoProbe>;
export type AudioProbe = z.infer<typeof audioProbe>;

/** There are fewer that a track may have. */
const maxReasons = 20;

/** The decision for one track, with its reasons. */
const trackPlan = {
  action: z.enum(['copy', 'transcode']),
  /** Index of the stream inside the container. */
  index: z.int(),
  from: z.string(),
  /** Why it is not copied (`B-frames`, `key frames up to 10 s apart`); empty for a copy. */
  reasons: z.array(z.string()).max(maxReasons),
  /** The same by their codes, for scripts; missing where there are none. */
  codes: z.array(z.enum(reasonCodes)).max(maxReasons).optional(),
};

/** Video codecs that leave the pipeline. */
export const videoCodec = z.enum(['h264', 'vp8', 'vp9', 'av1']);
export type VideoCodec = z.infer<typeof videoCodec>;

/** What a picture is made in for players that cannot decode what is on air: one of the two every WebRTC endpoint has (RFC 7742, section 5). */
export const compatibleCodec = z.enum(['vp8', 'h264']);
export type CompatibleCodec = z.infer<typeof compatibleCodec>;

/** A picture that is made for players that cannot decode what is on air. */
export const madePicture = z.strictObject({
  codec: compatibleCodec,
  /** In pixels; null: none was made yet. */
  width: z.int().nullable(),
  height: z.int().nullable(),
  /** Why none is made; null: it is, or begins to be. */
  problem: z.string().nullable(),
});
export type MadePicture = z.infer<typeof madePicture>;

/** The same with its cost. */
const compatiblePicture = madePicture.extend({
  /** Of which it takes about so many, decoding what is on air included. */
  cores: z.number(),
});

/** There are so many codecs to make one in. */
export const maxCompatible = compatibleCodec.options.length;

/** One quality of the picture that is made beside the best one; its codec is that of the plan. */
export const rendition = z.strictObject({
  name: renditionName,
  /** In pixels, even numbers. */
  width: z.int(),
  height: z.int(),
  /** Pictures per second at most; null: as they come. */
  fps: z.number().nullable(),
  /** Ceiling of the bit rate. */
  bitrateBps: z.int(),
});
export type Rendition = z.infer<typeof rendition>;

/** What encodes H.264. */
export const videoEncoder = z.strictObject({
  name: z.enum(encoderNames),
  /** The device that it is in, such as /dev/dri/renderD128; null: ffmpeg finds it, or there is none. */
  device: z.string().nullable(),
  /** Why the one that was chosen first is not used any more; null: it is. */
  instead: z.string().nullable(),
});
export type VideoEncoder = z.infer<typeof videoEncoder>;

/** The plan of the video track: its best rendition, and those below it. */
export const videoPlan = z.strictObject({
  ...trackPlan,
  name: renditionName,
  codec: videoCodec,
  /** Size that goes out, in pixels, even numbers when transcoded. */
  width: z.int(),
  height: z.int(),
  /** Frames per second that go out when transcoded; null: as they come. */
  fps: z.number().nullable(),
  /** Target bit rate when transcoded; of a picture that is copied what was measured, where that is much. */
  bitrateBps: z.int().nullable(),
  /** Turn interlaced fields into frames. */
  deinterlace: z.boolean(),
  /** Bring colours of this kind into the range of usual screens (BT.709); missing: nothing to do, or nothing to do it with. */
  toneMap: highRange.optional(),
  /** It comes in RGB, as of a screen; missing: it does not. */
  rgb: z.literal(true).optional(),
  /** Its pictures are more than a second apart: the last one is sent again meanwhile. */
  seldom: z.literal(true).optional(),
  /** It is passed on, by WebRTC, although it has B-frames, for which that has no place: most pictures are not shown. */
  bFrames: z.literal(true).optional(),
  /** Transcoded renditions besides, the lowest first: layer 0, 1 …; the best one is the last layer. */
  lower: z.array(rendition).max(maxRenditions),
  /** Which of several variants of HLS this is, in words. */
  variant: z.string().optional(),
  /** Why these and no others, where `auto` chose them. */
  ladder: z.string().optional(),
  /** Renditions that were asked for and are not made of this source, which is no larger. */
  leftOut: z.array(renditionName).max(maxRenditions).optional(),
  /** Missing where nothing is encoded, or not in H.264. */
  encoder: videoEncoder.optional(),
  /** What is made now for viewers that cannot decode it; missing: nothing. */
  compatible: z.array(compatiblePicture).max(maxCompatible).optional(),
});
export type VideoPlan = z.infer<typeof videoPlan>;

/** Loudness by EBU R128. */
export const loudness = z.strictObject({
  /** Of all of it; null: nothing is loud enough to be heard. */
  integratedLufs: z.number().nullable(),
  /** Its highest true peak (ITU-R BS.1770); null: it is silent. */
  truePeakDb: z.number().nullable(),
  /** Loudness range (EBU Tech 3342), in LU. */
  rangeLu: z.number(),
});
export type Loudness = z.infer<typeof loudness>;

const audioSide = z.strictObject({
  index: z.int(),
  /** null: all of the track, as mono. */
  channel: z.int().nullable(),
});

/** The plan of the audio track; what goes out is Opus, 48 kHz, stereo. */
export const audioPlan = z.strictObject({
  ...trackPlan,
  codec: z.literal('opus'),
  track: z.int(),
  bitrateBps: z.int().nullable(),
  /** What becomes left and right; missing: the track as it is. */
  sides: z.strictObject({ left: audioSide, right: audioSide }).optional(),
  /** It is brought to one loudness; missing: it stays as it comes. */
  level: z
    .strictObject({
      targetLufs: z.number(),
      /** What it is raised by; null: it was not measured, and follows what is heard, slowly. */
      gainDb: z.number().nullable(),
    })
    .optional(),
  /** What goes beyond -1.5 dB (true peak) is held down; missing: nothing does, or it stays as it comes. */
  limited: z.literal(true).optional(),
});
export type AudioPlan = z.infer<typeof audioPlan>;

/** Copy or transcode, track by track; at least one track is not null. */
export const plan = z.strictObject({
  video: videoPlan.nullable(),
  audio: audioPlan.nullable(),
  /** It comes by UDP, where what is lost on the way stays lost, as its server knows nothing else; missing: it does not. */
  byUdp: z.literal(true).optional(),
});
export type Plan = z.infer<typeof plan>;
