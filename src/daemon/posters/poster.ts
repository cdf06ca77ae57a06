import type { ImageType } from '../../contract/image-type.ts';

/** A still that stands for a room until its picture moves. */
export interface Poster {
  readonly type: ImageType;
  readonly body: Uint8Array;
}
