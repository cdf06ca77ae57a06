import type { VideoCodec } from '../../../contract/plan.ts';
import { Av1Packetizer } from '../av1/packetize-av1.ts';
import { H264Packetizer } from '../h264/packetize-h264.ts';
import { OpusPacketizer } from '../opus/packetize-opus.ts';
import { Vp8Packetizer, Vp9Packetizer } from '../vpx/packetize-vpx.ts';
import type { Packetizer } from './payload.ts';

const packetizers = {
  h264: H264Packetizer,
  vp8: Vp8Packetizer,
  vp9: Vp9Packetizer,
  av1: Av1Packetizer,
  opus: OpusPacketizer,
} as const;

/** The packetizer of a codec. */
export function packetizerFor(codec: VideoCodec | 'opus'): Packetizer {
  return new packetizers[codec]();
}
