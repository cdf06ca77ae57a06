import type { Page } from 'playwright-core';

/** A picture that came on the screen of a page. */
export interface ShownFrame {
  /** When it was shown, in ms on the page's clock. */
  readonly atMs: number;
  readonly width: number;
  /** When it was sent, by its RTP time stamp, in ms from an unknown moment. */
  readonly sentMs: number;
  /** When its last packet came, in ms on the page's clock. */
  readonly receivedMs: number;
}

/** Pictures of one width in a row. */
export interface Shot {
  readonly width: number;
  readonly fromMs: number;
  readonly toMs: number;
}

/** Runs in the page, before its own script: notes each picture of its video element. */
export function noteFrames(): void {
  const frames: ShownFrame[] = [];
  Object.assign(globalThis, { shownFrames: frames });
  addEventListener('DOMContentLoaded', () => {
    const video = document.querySelector('video');
    // It is not a room's page.
    if (!video) return;
    const note = (_now: number, frame: VideoFrameCallbackMetadata) => {
      const { presentationTime, width, rtpTimestamp = 0, receiveTime = 0 } = frame;
      frames.push({ atMs: presentationTime, width, sentMs: rtpTimestamp / 90, receivedMs: receiveTime });
      video.requestVideoFrameCallback(note);
    };
    video.requestVideoFrameCallback(note);
  });
}

/** Pictures that a page has shown, from the n-th on; in pages with `noteFrames` only. */
export function shownFrames(page: Page, from = 0): Promise<ShownFrame[]> {
  return page.evaluate(
    (first) => (globalThis as unknown as { shownFrames: ShownFrame[] }).shownFrames.slice(first),
    from,
  );
}

/** The longest time between two pictures on the screen, in ms. */
export function longestGapMs(frames: readonly ShownFrame[]): number {
  return Math.max(0, ...frames.slice(1).map(({ atMs }, index) => atMs - (frames[index]?.atMs ?? atMs)));
}

/** What was shown, told apart by its width. */
export function shotsOf(frames: readonly ShownFrame[]): Shot[] {
  const shots: Shot[] = [];
  for (const { width, atMs } of frames) {
    const last = shots.at(-1);
    if (last?.width === width) shots[shots.length - 1] = { ...last, toMs: atMs };
    else shots.push({ width, fromMs: atMs, toMs: atMs });
  }
  return shots;
}

/** How far the clock of the time stamps has moved against the page's between two stretches, in ms; by the quickest frames of each. */
export function clockDriftMs(first: readonly ShownFrame[], last: readonly ShownFrame[]): number {
  const quickest = (frames: readonly ShownFrame[]) =>
    Math.min(...frames.map(({ receivedMs, sentMs }) => receivedMs - sentMs));
  return quickest(last) - quickest(first);
}
