import type { Packetizer, Payload } from '../rtp/payload.ts';

/** One Opus packet is one RTP payload (RFC 7587). */
export class OpusPacketizer implements Packetizer {
  packetize(packet: Buffer): Payload[] {
    return [{ data: packet }];
  }
}
