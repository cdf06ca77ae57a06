/** Where what the codec itself says begins in a message of H.264: behind kind, codec, type and a time (FLV 10.1, E.4.3.1). */
const headBytes = 5;
const h264 = 7;
const keyFrame = 1;
const types = { header: 0, pictures: 1 } as const;
/** Of a header with parameter sets, which encoders make of some dozens: each key frame is so much longer. */
const maxHeaderBytes = 64 * 1024;
/** In a header (ISO/IEC 14496-15, 5.3.3.1): what comes before the parameter sets. */
const configurationBytes = 5;

/**
 * The parameter sets of one picture that comes by RTMP, whose encoder may send others in its midst, as when its picture changes its size.
 * ffmpeg goes on with those of the beginning where it copies; from then on each key frame has those of now in itself.
 */
export class ReplacedSets {
  #header: Buffer | undefined;
  /** As units of a picture; undefined: they are those of the beginning. */
  #sets: Buffer | undefined;

  /** The body of a video message, as it is to be passed on. */
  passed(body: Buffer): Buffer {
    const [first = 0, type] = body;
    if ((first & 0x8f) !== h264 || body.length < headBytes) return body;
    if (type === types.header) this.#replace(body.subarray(headBytes));
    if (type !== types.pictures || first >> 4 !== keyFrame || !this.#sets) return body;
    return Buffer.concat([body.subarray(0, headBytes), this.#sets, body.subarray(headBytes)]);
  }

  #replace(header: Buffer): void {
    if (header.length > maxHeaderBytes || this.#header?.equals(header)) return;
    // The message's memory is another's soon.
    if (this.#header) this.#sets = unitsOf(header);
    this.#header = Buffer.from(header);
  }
}

/** The parameter sets in a header, each behind its length; undefined where it is cut short. */
function unitsOf(header: Buffer): Buffer | undefined {
  const lengthBytes = ((header[4] ?? 0) & 3) + 1;
  const units: Buffer[] = [];
  let at = configurationBytes;
  for (const mask of [0x1f, 0xff]) {
    const count = (header[at++] ?? 0) & mask;
    for (let index = 0; index < count; index++) {
      if (at + 2 > header.length) return undefined;
      const bytes = header.readUInt16BE(at);
      const unit = header.subarray(at + 2, at + 2 + bytes);
      if (unit.length < bytes || bytes >= 2 ** (8 * lengthBytes)) return undefined;
      const length = Buffer.alloc(lengthBytes);
      length.writeUIntBE(bytes, 0, lengthBytes);
      units.push(length, unit);
      at += 2 + bytes;
    }
  }
  return Buffer.concat(units);
}
