import type { Size } from './output-size.ts';

/** What 1080p30 gets; other sizes follow: 720p30 2.4M, 480p30 1.3M, 240p30 0.5M, 1080p60 7.6M. */
const fullHdBps = 4_500_000;
const fullHdPixels = 1920 * 1080;

/** Detail grows slower than the number of pixels, and change slower than the number of pictures. */
const growth = 0.75;

/** H.264 without B-frames needs so much more than these codecs for the same picture; than others: 1.5. */
const overSource: Record<string, number> = { hevc: 2.5, vp9: 2.5, av1: 3 };

/** Below it, even a small picture falls apart. */
const floorBps = 200_000;

/** Ceiling of the bit rate of a transcoded picture: by its size and speed, not much above the source's, at most `maxBps`. */
export function outputBitrate(
  { width, height }: Size,
  fps: number,
  source: { codec: string; bitrateBps: number | null },
  maxBps: number,
): number {
  const bySize = fullHdBps * ((width * height) / fullHdPixels) ** growth * (Math.max(fps, 10) / 30) ** growth;
  const bySource =
    source.bitrateBps === null
      ? Number.POSITIVE_INFINITY
      : source.bitrateBps * (overSource[source.codec] ?? 1.5);
  const bps = Math.min(Math.max(floorBps, Math.min(bySize, bySource)), maxBps);
  return Math.round(bps / 10_000) * 10_000;
}
