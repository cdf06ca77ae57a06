/** A coded picture as ffmpeg would give it. */
export interface DepacketizedFrame {
  readonly data: Buffer;
  /** Decoding can start here. */
  readonly key: boolean;
}

/** Puts the pictures of a codec together from RTP payloads, which come from the network: anything may be in them. */
export interface Depacketizer {
  /** Whether a key frame begins with this payload, whatever was lost before it. */
  readonly beginsKeyFrame: (payload: Buffer) => boolean;
  /** The picture whose payloads these are, none of them empty; undefined where they are damaged or not all there. */
  readonly frame: (payloads: readonly Buffer[]) => DepacketizedFrame | undefined;
}
