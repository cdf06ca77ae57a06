/**
 * Enhanced RTMP (Veovera, version 2): codecs by four letters. ffmpeg before 6.1 knows none of it, but what is in the codecs of
 * old can be said in the old way.
 */

/** Codecs that RTMP can carry, and that are not taken here, by their four letters and by numbers that some gave them before. */
const otherVideo: ReadonlyMap<string | number, string> = new Map<string | number, string>([
  ...Object.entries({ hvc1: 'HEVC', hev1: 'HEVC', av01: 'AV1', vp09: 'VP9', vp08: 'VP8', vvc1: 'VVC' }),
  ...([
    [12, 'HEVC'],
    [13, 'AV1'],
  ] as const),
]);
const otherAudio: ReadonlyMap<string, string> = new Map(
  Object.entries({ Opus: 'Opus', fLaC: 'FLAC', 'ac-3': 'AC-3', 'ec-3': 'E-AC-3', '.mp3': 'MP3' }),
);

const letters = 4;
const isEnhanced = 0x80;
const videoTypes = { header: 0, pictures: 1, picturesNow: 3, multitrack: 6 } as const;
const audioTypes = { header: 0, sounds: 1, multitrack: 5 } as const;
/** The type of what is said before the real type, for sound and picture (ModEx). */
const modEx = 7;
/** Of them before one real type; there is one in use, a time in ns. */
const maxModEx = 8;
const soundFormat = { enhanced: 9 } as const;
/** AAC, 44 kHz, 16 bit, stereo: what AAC always says, whatever it is. */
const aacByte = 0xaf;
const h264 = 7;
const frames = { key: 1, command: 5 } as const;

/** A message as it is passed on, in the old way: `null`: nothing for anybody; or the codec that is not taken. */
export type Plain =
  | { readonly body: Buffer; readonly flags?: number }
  | { readonly body: null }
  | { readonly codec: string };

/** The same of the body of a video message. */
export function plainVideo(body: Buffer): Plain {
  const [first = 0] = body;
  const frame = (first >> 4) & 7;
  // One to a player, such as that it seeks: it has no codec, and no picture.
  if (frame === frames.command) return { body: null };
  if ((first & isEnhanced) === 0) {
    const codec = otherVideo.get(first & 0x0f);
    return codec === undefined ? { body } : { codec };
  }
  const { type, content } = unwrapped(body);
  if (type === videoTypes.multitrack) return { codec: 'several pictures (multitrack)' };
  const name = lettersOf(content);
  if (name === null) return { body: null };
  if (name !== 'avc1') return { codec: otherVideo.get(name) ?? name };
  const rest = content.subarray(letters);
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
  const { type, content } = unwrapped(body);
  if (type === audioTypes.multitrack) return { codec: 'several sounds (multitrack)' };
  const name = lettersOf(content);
  if (name === null) return { body: null };
  if (name !== 'mp4a') return { codec: otherAudio.get(name) ?? name };
  const rest = content.subarray(letters);
  if (type === audioTypes.header) return { body: Buffer.concat([Buffer.from([aacByte, 0]), rest]), flags: 0 };
  if (type === audioTypes.sounds) return { body: Buffer.concat([Buffer.from([aacByte, 1]), rest]), flags: 1 };
  return { body: null };
}

/** The codec that a stream's metadata announce, where it is one of a picture that is not taken. */
export function announcedCodec(videoCodec: unknown): string | undefined {
  if (typeof videoCodec === 'string') return otherVideo.get(videoCodec);
  if (typeof videoCodec !== 'number' || !(videoCodec >= 0 && videoCodec < 2 ** 32)) return undefined;
  const bytes = Buffer.alloc(letters);
  bytes.writeUInt32BE(Math.floor(videoCodec));
  return otherVideo.get(videoCodec) ?? otherVideo.get(bytes.toString('latin1'));
}

/** The real type, and what is behind it: the four letters come first. Where it is cut short, that is nothing. */
function unwrapped(body: Buffer): { readonly type: number; readonly content: Buffer } {
  let type = (body[0] ?? 0) & 0x0f;
  let at = 1;
  for (let count = 0; type === modEx && count < maxModEx; count++) {
    let bytes = (body[at] ?? 0) + 1;
    at += 1;
    if (bytes === 256 && at + 2 <= body.length) {
      bytes = body.readUInt16BE(at) + 1;
      at += 2;
    }
    type = (body[at + bytes] ?? 0) & 0x0f;
    at += bytes + 1;
  }
  return { type, content: body.subarray(at) };
}

/** null: they are none that a codec could have. */
function lettersOf(content: Buffer): string | null {
  const name = content.toString('latin1', 0, letters);
  return /^[\x20-\x7e]{4}$/.test(name) ? name : null;
}
