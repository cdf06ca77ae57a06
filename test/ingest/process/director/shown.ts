import { h264Size } from '../../../../src/ingest/media/h264/h264-size.ts';
import type { RtpPacket } from '../../media/rtp/depacketize.ts';
import type { PlayedProgramme } from './played-programme.ts';

const stapA = 24;
const sps = 7;

/** What went out, one entry for each source in a row: the width of its pictures, and when its first one came, in ms. */
export function widthsShown(played: PlayedProgramme): { width: number; atMs: number }[] {
  const shown: { width: number; atMs: number }[] = [];
  for (const packet of played.video()) {
    const width = widthOf(packet);
    if (width !== undefined && shown.at(-1)?.width !== width)
      shown.push({ width, atMs: packet.timestamp / 90 });
  }
  return shown;
}

/** Waits until pictures of this width are the last that went out. */
export async function shows(played: PlayedProgramme, width: number): Promise<void> {
  await played.sink.until(() => widthsShown(played).at(-1)?.width === width);
}

/** Parameter sets stand at the beginning of a key frame: alone, or several in one packet (RFC 6184, 5.7.1). */
function widthOf({ payload }: RtpPacket): number | undefined {
  const isSps = (unit: Buffer) => (unit.readUInt8(0) & 0x1f) === sps;
  const unit = unitsOf(payload).find(isSps);
  return unit && h264Size(Buffer.concat([Buffer.from([0, 0, 0, 1]), unit]))?.width;
}

function unitsOf(payload: Buffer): Buffer[] {
  if ((payload.readUInt8(0) & 0x1f) !== stapA) return [payload];
  const units: Buffer[] = [];
  for (let at = 1; at < payload.length; ) {
    const end = at + 2 + payload.readUInt16BE(at);
    units.push(payload.subarray(at + 2, end));
    at = end;
  }
  return units;
}
