/** The payload of one RTP packet of a frame. */
export interface Payload {
  readonly data: Buffer;
  /** Header extension that must go with it; only AV1 has one. */
  readonly extension?: Buffer;
}

/**
 * Cuts the frames of one track into RTP payloads of at most `maxBytes`. Keeps what later frames need. Payloads are whole until
 * the next frame is cut.
 */
export interface Packetizer {
  packetize(frame: Buffer, key: boolean, maxBytes: number): Payload[];
}
