import type { VideoCodec } from '../../../contract/plan.ts';
import { av1Size } from '../av1/av1-size.ts';
import { h264Size } from '../h264/h264-size.ts';
import { vp8Size, vp9Size } from '../vpx/vpx-size.ts';
import type { PictureSize } from './picture-size.ts';

const readers: Readonly<Record<VideoCodec, (keyFrame: Buffer) => PictureSize | undefined>> = {
  h264: h264Size,
  vp8: vp8Size,
  vp9: vp9Size,
  av1: av1Size,
};

/** The size of a key frame's picture; undefined where it does not tell. Whatever is in the frame, it does not throw. */
export function sizeOfKeyFrame(codec: VideoCodec, keyFrame: Buffer): PictureSize | undefined {
  const size = readers[codec](keyFrame);
  return size && size.width > 0 && size.height > 0 ? size : undefined;
}
