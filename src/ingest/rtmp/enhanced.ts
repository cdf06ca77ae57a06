/**
 * Enhanced RTMP (Veovera, version 2): codecs by four letters. ffmpeg before 6.1 knows none of it, but what is in the codecs of
 * old can be said in the old way.
 */

/** Codecs that RTMP can carry, and that are not taken here, by their four letters and by numbers that some gave them before. */
const otherVideo: Readonly<Record<string, string>> = {
  ...{ hvc1: 'HEVC', hev1: 'HEVC', av01: 'AV1', vp09: 'VP9', vp08: 'VP8', vvc1: 'VVC' },
  ...{ 12: 'HEVC', 13: 'AV1' },
};
const otherAudio: Readonly<Record<string, string>> = {
  ...{ Opus: 'Opus', fLaC: 'FLAC', 'ac-3': 'AC-3', 'ec-3': 'E-AC-3', '.mp3': 'MP3' },
};

const letters = 4;
const isEnhanced = 0x80;
const videoTypes = { header: 0, pictures: 1, end: 2, picturesNow: 3, multitrack: 6 } as const;
const audioTypes = { header: 0, sounds: 1, multitrack: 5 } as const;
const soundFormat = { enhanced: 9 } as const;
/** AAC, 44 kHz, 16 bit, stereo: what AAC always says, whatever it is. */
const aacByte = 0xaf;
const h264 = 7;
const frames = { key: 1 } as const;

/** A message as it is passed on, in the old way: `null`: nothing for anybody; or the codec that is not taken. */
export type Plain =
  | { readonly body: Buffer; readonly flags?: number }
  | { readonly body: null }
  | { readonly codec: string };

/** The same of the body of a video message. */
export function plainVideo(body: Buffer): Plain {
  const [first = 0] = body;
  if ((first & isEnhanced) === 0) {
    const codec = otherVideo[first & 0x0f];
    return codec === undefined ? { body } : { codec };
  }
  const type = first & 0x0f;
  if (type === videoTypes.multitrack) return { codec: 'several pictures (multitrack)' };
  const name = lettersOf(body);
  if (name !== 'avc1') return { codec: otherVideo[name] ?? name };
  const frame = (first >> 4) & 7;
  const rest = body.subarray(1 + letters);
  const head = (kind: number) => Buffer.from([(frame << 4) | h264, kind]);
  const noDelay = Buffer.alloc(3);
  const flags = frame === frames.key ? 3 : 4;
  if (type === videoTypes.header) return { body: Buffer.concat([head(0), noDelay, rest]), flags: 2 };
  if (type === videoTypes.pictures) return { body: Buffer.concat([head(1), rest]), flags };
  if (type === videoTypes.picturesNow) return { body: Buffer.concat([head(1), noDelay, rest]), flags };
  return { body: null };
}

/** The same of the body of an audio message. */
export function plainAudio(body: Buffer): Plain {
  const [first = 0] = body;
  if (first >> 4 !== soundFormat.enhanced) return { body };
  const type = first & 0x0f;
  if (type === audioTypes.multitrack) return { codec: 'several sounds (multitrack)' };
  const name = lettersOf(body);
  if (name !== 'mp4a') return { codec: otherAudio[name] ?? name };
  const rest = body.subarray(1 + letters);
  if (type === audioTypes.header) return { body: Buffer.concat([Buffer.from([aacByte, 0]), rest]), flags: 0 };
  if (type === audioTypes.sounds) return { body: Buffer.concat([Buffer.from([aacByte, 1]), rest]), flags: 1 };
  return { body: null };
}

/** The codec that a stream's metadata announce, where it is one of a picture that is not taken. */
export function announcedCodec(videoCodec: unknown): string | undefined {
  if (typeof videoCodec === 'string') return otherVideo[videoCodec];
  if (typeof videoCodec !== 'number' || !(videoCodec >= 0 && videoCodec < 2 ** 32)) return undefined;
  const bytes = Buffer.alloc(letters);
  bytes.writeUInt32BE(Math.floor(videoCodec));
  return otherVideo[videoCodec] ?? otherVideo[bytes.toString('latin1')];
}

function lettersOf(body: Buffer): string {
  return body.toString('latin1', 1, 1 + letters).replace(/[^\x20-\x7e]/g, '?');
}
