import type { Director, ShownPicture } from '../director/director.ts';
import type { DirectorOptions } from '../director/director-options.ts';
import { makePoster } from './make-poster.ts';

/**
 * A still of what viewers of a programme see; null: there is none that may be shown. What they see may become something else while it is
 * decoded: then it is none any more.
 *
 * @param slate nothing else than the slate may be shown
 */
export async function posterOf(
  director: Pick<Director, 'shownPicture'>,
  { ffmpeg, video }: Pick<DirectorOptions, 'ffmpeg' | 'video'>,
  slate: boolean,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  const { shownPicture } = director;
  if (!video || !shownPicture || (slate && shownPicture.of !== 'slate')) return null;
  const image = await makePoster(ffmpeg, video.codec, shownPicture.data, signal);
  return isSameShow(director.shownPicture, shownPicture) ? image : null;
}

/** What was away meanwhile, and is back, may be something else by now. */
function isSameShow(now: ShownPicture | null, then: ShownPicture): boolean {
  return now?.of === then.of && now.switches === then.switches;
}
