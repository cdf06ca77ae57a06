import type { CompatibleCodec, VideoPlan } from '../../contract/plan.ts';

import { compatibleFps, compatibleSize } from './compatible-size.ts';
import type { Size } from './output-size.ts';

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

/** VP8 in real time, of one thread, takes half of what x264 does for as many pixels: 0.08 of a core for 480p30, where that took 0.2. */
const vp8Share = 0.5;

/** Cores that a compatible picture of what is on air keeps busy. */
export function compatibleCores(
  onAir: Size & { readonly fps: number | null },
  codec: CompatibleCodec,
  { secondsPerMegapixel }: EncodingCapacity,
): number {
  const { width, height } = compatibleSize(onAir);
  const fps = onAir.fps ?? usualFps;
  const encoded = width * height * Math.min(fps, compatibleFps) * (codec === 'vp8' ? vp8Share : 1);
  const decoded = onAir.width * onAir.height * fps * decodingShare;
  return ((encoded + decoded) / 1e6) * secondsPerMegapixel;
}

/** `auto` leaves so much of the free cores for what comes and goes: viewers, other broadcasts, hard pictures. */
const autoShare = 0.75;

/** Cores that may be used for what nobody asked for by name. */
export function spareCores({ freeCores }: EncodingCapacity): number {
  return freeCores * autoShare;
}
