import type { VideoCodec } from '../../../contract/plan.ts';

/** A frame and when it is, in ms from the beginning of the file. */
export interface MatroskaFrame {
  readonly kind: 'video' | 'audio';
  readonly atMs: number;
  readonly data: Buffer;
}

/** Element ids of RFC 9559, section 5.1, and of EBML (RFC 8794, 11.2). */
const id = {
  ebml: '1a45dfa3',
  docType: '4282',
  segment: '18538067',
  info: '1549a966',
  timestampScale: '2ad7b1',
  muxingApp: '4d80',
  writingApp: '5741',
  tracks: '1654ae6b',
  track: 'ae',
  trackNumber: 'd7',
  trackUid: '73c5',
  trackType: '83',
  codecId: '86',
  codecPrivate: '63a2',
  video: 'e0',
  pixelWidth: 'b0',
  pixelHeight: 'ba',
  audio: 'e1',
  samplingFrequency: 'b5',
  channels: '9f',
  cluster: '1f43b675',
  timestamp: 'e7',
  simpleBlock: 'a3',
} as const;

/** Of a segment that is still written (RFC 8794, 6.2). */
const unknownSize = Buffer.from('01ffffffffffffff', 'hex');
/** RFC 9559, section 27.2. */
const codecIds = { h264: 'V_MPEG4/ISO/AVC', vp8: 'V_VP8', vp9: 'V_VP9', av1: 'V_AV1' } as const;
const trackOf = { video: 1, audio: 2 } as const;
const keyFlag = 0x80;
/** Blocks count from their cluster's time in 16 bits with a sign. */
const maxBlockMs = 32_767;
/** RFC 7845, 5.1: two channels at 48 kHz, nothing skipped. */
const opusHead = Buffer.from('4f707573486561640102000080bb0000000000', 'hex');

/**
 * The head of a Matroska file that is read while it is written: frames that a decoder takes as they are, H.264 in Annex B, Opus in stereo.
 * The picture's size stands in its key frames, and may change; what the head says of it is nothing to go by.
 */
export function matroskaHead(video: VideoCodec | null, audio: boolean): Buffer {
  const videoTrack = video && [
    ...[unsigned(id.trackNumber, trackOf.video), unsigned(id.trackUid, trackOf.video)],
    ...[unsigned(id.trackType, 1), text(id.codecId, codecIds[video])],
    element(id.video, [unsigned(id.pixelWidth, 16), unsigned(id.pixelHeight, 16)]),
  ];
  const audioTrack = [
    ...[unsigned(id.trackNumber, trackOf.audio), unsigned(id.trackUid, trackOf.audio)],
    ...[unsigned(id.trackType, 2), text(id.codecId, 'A_OPUS'), element(id.codecPrivate, [opusHead])],
    element(id.audio, [float(id.samplingFrequency, 48_000), unsigned(id.channels, 2)]),
  ];
  return Buffer.concat([
    element(id.ebml, [text(id.docType, 'matroska')]),
    Buffer.from(id.segment, 'hex'),
    unknownSize,
    element(id.info, [
      ...[unsigned(id.timestampScale, 1_000_000), text(id.muxingApp, 'mirolive')],
      text(id.writingApp, 'mirolive'),
    ]),
    element(id.tracks, [
      ...(videoTrack ? [element(id.track, videoTrack)] : []),
      ...(audio ? [element(id.track, audioTrack)] : []),
    ]),
  ]);
}

/** One cluster of frames, in the order that they are given in, each one that decoding can begin with. */
export function matroskaCluster(frames: readonly MatroskaFrame[]): Buffer {
  const fromMs = Math.round(Math.min(...frames.map(({ atMs }) => atMs)));
  const blocks = frames.map(({ kind, atMs, data }) => {
    const head = Buffer.alloc(4);
    head.writeUInt8(0x80 | trackOf[kind]);
    head.writeInt16BE(Math.min(maxBlockMs, Math.round(atMs) - fromMs), 1);
    head.writeUInt8(keyFlag, 3);
    return element(id.simpleBlock, [head, data]);
  });
  return element(id.cluster, [unsigned(id.timestamp, fromMs), ...blocks]);
}

function element(name: string, parts: readonly Buffer[]): Buffer {
  // A length in eight bytes, which any fits (RFC 8794, 4).
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(parts.reduce((sum, { length }) => sum + length, 0)) | (1n << 56n));
  return Buffer.concat([Buffer.from(name, 'hex'), size, ...parts]);
}

function unsigned(name: string, value: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeBigUInt64BE(BigInt(value));
  return element(name, [body]);
}

function float(name: string, value: number): Buffer {
  const body = Buffer.alloc(8);
  body.writeDoubleBE(value);
  return element(name, [body]);
}

function text(name: string, value: string): Buffer {
  return element(name, [Buffer.from(value, 'utf8')]);
}
