import type { MediaFrame } from '../../media/media-frame.ts';

/** How long one packet of silence lasts, in µs. */
export const silencePacketUs = 20_000;

/**
 * 20 ms of silence in stereo: configuration 31 (CELT, full band, 20 ms), one frame (RFC 6716, section 3.1), whose first
 * symbol is CELT's silence flag (section 4.3), which 0xff 0xfe decodes to.
 */
export const silentPacket = Buffer.from([0xfc, 0xff, 0xfe]);

/** Packets of silence, one behind the other, from one time to before another, in µs. */
export function silence(fromUs: number, toUs: number): MediaFrame[] {
  const count = Math.max(0, Math.ceil((toUs - fromUs) / silencePacketUs));
  return Array.from({ length: count }, (_, index) => ({
    kind: 'audio',
    layer: 0,
    ptsUs: fromUs + index * silencePacketUs,
    key: true,
    data: silentPacket,
  }));
}
