import type { VideoPlan } from '../../contract/plan.ts';

/** What a machine can encode. Plain data: it crosses to ingest processes. */
export interface EncodingCapacity {
  /** Seconds of one core to encode a million pixels, as measured here by a real test encode. */
  readonly secondsPerMegapixel: number;
  readonly cores: number;
  /** Cores that nothing else used when the plan was made. */
  readonly freeCores: number;
}

/** Pictures per second where the container does not tell. */
const usualFps = 30;
/** Decoding costs so much of what encoding as many pixels does: measured with x264's veryfast and H.264, 0.15 to 0.3. */
export const decodingShare = 0.25;

/** Cores that a plan keeps busy; 0 for a copy alone. */
export function coresFor(
  video: VideoPlan,
  source: { readonly width: number; readonly height: number; readonly fps: number | null },
  { secondsPerMegapixel }: EncodingCapacity,
): number {
  const made = [...video.lower, ...(video.action === 'transcode' ? [video] : [])];
  if (made.length === 0) return 0;
  const sourceFps = source.fps ?? usualFps;
  const megapixels = made.map(
    ({ width, height, fps }) => width * height * Math.min(fps ?? sourceFps, sourceFps),
  );
  const decoded = source.width * source.height * sourceFps * decodingShare;
  return ((megapixels.reduce((sum, pixels) => sum + pixels, 0) + decoded) / 1e6) * secondsPerMegapixel;
}
