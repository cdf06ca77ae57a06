import type { MediaFrame } from '../../media/media-frame.ts';
import { silentPacket } from '../../media/opus/opus-packet.ts';

/** How long one packet of silence lasts, in µs. */
export const silencePacketUs = 20_000;

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
