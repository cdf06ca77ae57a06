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

/**
 * A picture may stand on the screen for so long, in ms, whatever dies and whatever else the machine has to do. Where it has
 * nothing else to do half of it is kept: `npm run bench` measures that.
 */
export const frozenMs = 2000;

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
    const video = document.querySelector('video') as HTMLVideoElement;
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

/** The longest time between two pictures, in ms: on the screen, and as they were sent. */
export function longestGapMs(frames: readonly ShownFrame[]): { shown: number; sent: number } {
  const steps = (times: number[]) => times.slice(1).map((at, index) => at - (times[index] ?? at));
  return {
    shown: Math.max(0, ...steps(frames.map(({ atMs }) => atMs))),
    sent: Math.max(0, ...steps(frames.map(({ sentMs }) => sentMs))),
  };
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
