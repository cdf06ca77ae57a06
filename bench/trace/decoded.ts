import type { Page } from 'playwright-core';

/** A picture that has come out of the page's decoder. */
export interface DecodedPicture {
  readonly rtpTimestamp: number;
  readonly atMs: number;
}

/** Notes each picture from now on as the decoder gives it, before it waits for its turn on the screen. */
export async function watchDecoded(page: Page): Promise<void> {
  await page.evaluate(note);
}

export function decodedPictures(page: Page): Promise<DecodedPicture[]> {
  return page.evaluate(
    () => (globalThis as unknown as { decodedPictures: DecodedPicture[] }).decodedPictures,
  );
}

interface Processor {
  readonly readable: ReadableStream<VideoFrame & { metadata(): { rtpTimestamp?: number } }>;
}

/** Runs in the page. */
function note(): void {
  const { srcObject } = document.querySelector('video') as HTMLVideoElement;
  const track = (srcObject as MediaStream).getVideoTracks()[0]?.clone();
  const { MediaStreamTrackProcessor } = globalThis as unknown as {
    MediaStreamTrackProcessor: new (options: { track: MediaStreamTrack | undefined }) => Processor;
  };
  const pictures: DecodedPicture[] = [];
  Object.assign(globalThis, { decodedPictures: pictures });
  const read = async () => {
    const reader = new MediaStreamTrackProcessor({ track }).readable.getReader();
    let wallClock = Number.NEGATIVE_INFINITY;
    for (;;) {
      const { value: frame } = await reader.read();
      if (!frame) return;
      const at = performance.now();
      wallClock = Math.max(wallClock, Date.now() - performance.now());
      const { rtpTimestamp } = frame.metadata();
      frame.close();
      if (rtpTimestamp !== undefined) pictures.push({ rtpTimestamp, atMs: at + wallClock });
    }
  };
  void read();
}
