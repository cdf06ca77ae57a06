import type { PlayingItem } from './playing-item.ts';

/** What comes next is read ahead so far, in µs, so that short items leave no gap either. */
const readAheadUs = 2_000_000;
/** What follows is begun when so much of an item that is longer is left to be read, in µs: a busy machine takes seconds to start ffmpeg. */
const earlyUs = 5_000_000;

/** Whether enough is made ready behind an item that was read to its end. @param bufferedUs what waits in all, in µs */
export function isReadAhead({ feed }: PlayingItem, bufferedUs: number): boolean {
  return feed?.barren === true || bufferedUs >= readAheadUs;
}

/** Whether an item has little left to be read; a short one is read to its end soon enough. */
export function endsSoon({ item, feed, endUs, prepared: { live } }: PlayingItem): boolean {
  if (live || !feed || endUs === null) return false;
  return endUs - item.fromMs * 1000 > 2 * earlyUs && endUs - (feed.queuedToUs ?? feed.fromUs) < earlyUs;
}
