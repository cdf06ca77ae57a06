import type { Page } from 'playwright-core';

/** So much of the wall clock's ms is in a picture: it begins again after four and a half hours. */
export const clockBits = 24;
/** Width and height of the block of one bit, in pixels of a picture that is 1280 wide: a whole macroblock. */
export const clockBlock = 16;

/** A picture that the page has shown. All times are the wall clock, in ms since 1970. */
export interface ShownPicture {
  readonly atMs: number;
  /** When it was made; null: it bears no clock. */
  readonly madeMs: number | null;
  /** When the browser had its last packet, and its RTP time stamp; null: it did not come by RTP. */
  readonly received: { readonly atMs: number; readonly rtpTimestamp: number } | null;
}

/** Notes each picture from now on; `shownPictures` gives them. */
export async function watchPictures(page: Page): Promise<void> {
  await page.evaluate(note, { bits: clockBits, block: clockBlock });
}

/** What the page has shown since it was watched. */
export function shownPictures(page: Page): Promise<ShownPicture[]> {
  return page.evaluate(() => (globalThis as unknown as { shownPictures: ShownPicture[] }).shownPictures);
}

/** Runs in the page. The first block is always white, the second always black: where they are not, there is no clock. */
function note({ bits, block }: { readonly bits: number; readonly block: number }): void {
  const video = document.querySelector('video') as HTMLVideoElement;
  const pictures: ShownPicture[] = [];
  Object.assign(globalThis, { shownPictures: pictures });
  const cell = 8;
  const canvas = new OffscreenCanvas((bits + 2) * cell, cell);
  const context = canvas.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
  // `Date.now()` is cut to whole ms: the greatest difference is the true one.
  let wallClock = Number.NEGATIVE_INFINITY;
  const see: VideoFrameRequestCallback = (_, { receiveTime, rtpTimestamp }) => {
    const shownAt = performance.now();
    wallClock = Math.max(wallClock, Date.now() - performance.now());
    const atMs = shownAt + wallClock;
    const scale = video.videoWidth / 1280;
    const [width, height] = [(bits + 2) * block * scale, block * scale];
    context.drawImage(video, 0, 0, width, height, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, cell / 2, canvas.width, 1);
    const lit = Array.from(
      { length: bits + 2 },
      (_, index) => (data[(index * cell + cell / 2) * 4] ?? 0) > 127,
    );
    const [white, black, ...clock] = lit;
    const stamp = clock.reduce((sum, on, index) => sum + (on ? 2 ** index : 0), 0);
    const round = 2 ** bits;
    pictures.push({
      atMs,
      madeMs: white && !black ? atMs - ((((atMs - stamp) % round) + round) % round) : null,
      received:
        receiveTime === undefined || rtpTimestamp === undefined
          ? null
          : { atMs: receiveTime + wallClock, rtpTimestamp },
    });
    video.requestVideoFrameCallback(see);
  };
  video.requestVideoFrameCallback(see);
}
