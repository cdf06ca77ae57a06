import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';

export const ms = 1000;

/** A picture; its data says what it is. */
export function video(atMs: number, key = false, bytes = 0): MediaFrame {
  const data = bytes === 0 ? Buffer.from(`video ${atMs}`) : Buffer.alloc(bytes);
  return { kind: 'video', layer: 0, ptsUs: atMs * ms, key, data };
}

export function audio(atMs: number): MediaFrame {
  return { kind: 'audio', layer: 0, ptsUs: atMs * ms, key: true, data: Buffer.from(`audio ${atMs}`) };
}

/** Pictures from one time to before another, in ms; the first is a key frame. */
export function pictures(fromMs: number, toMs: number, stepMs = 40): MediaFrame[] {
  return times(fromMs, toMs, stepMs).map((at) => video(at, at === fromMs));
}

export function sounds(fromMs: number, toMs: number, stepMs = 20): MediaFrame[] {
  return times(fromMs, toMs, stepMs).map(audio);
}

/** A feed with these frames, in the order of their times, as ffmpeg gives them. */
export function feedOf(frames: MediaFrame[], ended = true, fromMs = 0): Feed {
  const feed = new Feed([...new Set(frames.map(({ kind }) => kind))], { fromUs: fromMs * ms });
  push(feed, frames);
  if (ended) feed.end();
  return feed;
}

export function push(feed: Feed, frames: MediaFrame[]): void {
  for (const frame of frames.toSorted((a, b) => a.ptsUs - b.ptsUs)) feed.push(frame);
}

/** All frames that wait, as texts, such as `video 40`. */
export function drain(feed: Feed): string[] {
  const found: string[] = [];
  for (let frame = feed.shift(); frame; frame = feed.shift()) found.push(frame.data.toString());
  return found;
}

export function times(from: number, to: number, step: number): number[] {
  return Array.from({ length: Math.ceil((to - from) / step) }, (_, index) => from + index * step);
}
