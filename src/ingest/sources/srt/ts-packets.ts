/** Bytes of a packet of MPEG-TS, and the first of each (ISO/IEC 13818-1, 2.4.3.2). */
export const packetBytes = 188;
export const syncByte = 0x47;
/** Where a packet's payload begins that has no adaptation field. */
const headBytes = 4;
const patPid = 0;

/** What a packet of MPEG-TS is in. */
export interface TsPacket {
  readonly pid: number;
  /** A section or a PES packet begins in it. */
  readonly starts: boolean;
  /** A decoder can begin with what begins in it. */
  readonly randomAccess: boolean;
  readonly payload: Buffer;
}

/** Reads one whole packet. */
export function readPacket(packet: Buffer): TsPacket {
  const control = packet[3] ?? 0;
  const adaptationBytes = control & 0x20 ? 1 + (packet[headBytes] ?? 0) : 0;
  const hasPayload = (control & 0x10) !== 0;
  return {
    pid: packet.readUInt16BE(1) & 0x1fff,
    starts: ((packet[1] ?? 0) & 0x40) !== 0,
    randomAccess: adaptationBytes > 1 && ((packet[headBytes + 1] ?? 0) & 0x40) !== 0,
    payload: hasPayload ? packet.subarray(headBytes + adaptationBytes) : Buffer.alloc(0),
  };
}

/** The PIDs of programme maps, where a packet begins a table of them (2.4.4.3); else none. */
export function mapPidsIn({ pid, starts, payload }: TsPacket): readonly number[] {
  if (pid !== patPid || !starts) return [];
  const section = payload.subarray(1 + (payload[0] ?? 0));
  const endsAt = Math.min(section.length, 3 + (section.length > 2 ? section.readUInt16BE(1) & 0xfff : 0) - 4);
  const pids: number[] = [];
  for (let at = 8; at + 4 <= endsAt; at += 4)
    if (section.readUInt16BE(at) !== 0) pids.push(section.readUInt16BE(at + 2) & 0x1fff);
  return pids;
}

/** Whether a PES packet of a picture begins in it (2.4.3.7, stream_id). */
export function startsPicture({ starts, payload }: TsPacket): boolean {
  return starts && payload.length > 4 && payload.readUInt32BE(0) >> 4 === 0x1e;
}

/** When what begins in it is to be seen or heard, in ms of a clock that begins anew every 26 hours (2.4.3.7, PTS); undefined: it does not say. */
export function timeMsIn({ payload }: TsPacket): number | undefined {
  if (payload.length < 14 || ((payload[7] ?? 0) & 0x80) === 0) return undefined;
  const high = ((payload[9] ?? 0) >> 1) & 7;
  const middle = payload.readUInt16BE(10) >> 1;
  return (high * 2 ** 30 + middle * 2 ** 15 + (payload.readUInt16BE(12) >> 1)) / 90;
}

/**
 * Whether a picture begins in it that a decoder can begin with: as it says itself, or, since not every encoder says so, by the
 * parameter sets in front of it: SPS of H.264, VPS and SPS of HEVC, the sequence header of MPEG-2.
 */
export function startsKeyFrame(packet: TsPacket): boolean {
  if (!startsPicture(packet)) return false;
  return packet.randomAccess || hasParameterSets(packet.payload.subarray(headBytes));
}

function hasParameterSets(data: Buffer): boolean {
  for (let at = data.indexOf(startCode); at >= 0; at = data.indexOf(startCode, at + 3)) {
    const type = data[at + 3] ?? 0;
    if ((type & 0x9f) === 0x07 || type === 0x40 || type === 0x42 || type === 0xb3) return true;
  }
  return false;
}

const startCode = Buffer.from([0, 0, 1]);
