/** One coded picture or one packet of sound, with its place in time. */
export interface MediaFrame {
  readonly kind: 'video' | 'audio';
  /** Which rendition a picture is of: 0 the lowest. Sound has only 0. */
  readonly layer: number;
  /** Presentation time in µs on the source's own timeline. */
  readonly ptsUs: number;
  /** Decoding can start here; every audio frame is one. */
  readonly key: boolean;
  /** ffmpeg calls it a key frame, and it is none: a picture that is whole some pictures later (intra refresh). */
  readonly refreshes?: true;
  readonly data: Buffer;
}
