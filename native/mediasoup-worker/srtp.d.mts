/** Bytes of an RTP packet before its payload. */
export function headerLength(packet: Buffer): number;
