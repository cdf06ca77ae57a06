import type { Plan } from '../../../contract/plan.ts';
import type { MediaFrame } from '../../media/media-frame.ts';
import { sizeOfKeyFrame } from '../../media/rtp-in/size-of-key-frame.ts';

/** The plan with the size of now, where a picture that is passed on as it is has changed it; null: it has not. */
export function resized(plan: Plan, { kind, key, layer, data }: MediaFrame): Plan | null {
  const { video } = plan;
  if (video?.action !== 'copy' || kind !== 'video' || !key || layer !== video.lower.length) return null;
  const size = sizeOfKeyFrame(video.codec, data);
  if (!size || (size.width === video.width && size.height === video.height)) return null;
  return { ...plan, video: { ...video, ...size } };
}
