import { outputBitrate } from './output-bitrate.ts';
import { outputSize, type Size } from './output-size.ts';

/** Pixels of the shorter side of a compatible picture, at most. */
export const compatibleLines = 480;
/** Pictures per second, at most. */
export const compatibleFps = 30;

/** The size of a compatible picture; it is never larger than what it is made of. */
export type CompatibleSize = Size;

/** The size of a compatible picture of what is on air. */
export function compatibleSize(onAir: Size): CompatibleSize {
  return outputSize(onAir, compatibleLines);
}

/** Ceiling of its bit rate: it is no more than its size needs, as VP8 and constrained baseline keep it. */
export function compatibleBps(size: CompatibleSize): number {
  return outputBitrate(size, compatibleFps, { codec: 'h264', bitrateBps: null }, Number.POSITIVE_INFINITY);
}
