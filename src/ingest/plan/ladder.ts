import type { Rendition } from '../../contract/plan.ts';
import {
  largestFirst,
  type RenditionName,
  type Renditions,
  renditionPixels,
} from '../../contract/rendition-names.ts';
import { outputBitrate } from './output-bitrate.ts';
import { outputSize, type Size } from './output-size.ts';

/** Below the best rendition half of 60 pictures a second will do, and costs half. */
export const lowerFps = 30;
/** Sources up to this are not slowed down: 30 a second is seldom exact. */
const slowFps = 33;
/** Lower renditions are for lines that do not carry the best one: less for the same number of pixels than that one gets. */
const lowerShare = 0.7;

/** What of `auto` fits below a source of this many lines: a step that is seen, and one for the worst lines. */
const autoLadders: readonly (readonly [lines: number, names: readonly RenditionName[]])[] = [
  [900, ['source', '480p', '240p']],
  [600, ['source', '360p', '240p']],
  [350, ['source', '240p']],
  [0, ['source']],
];

/** The names that `auto` stands for, by the size of the source alone; what is named stays, the largest first. */
export function namesOf(wanted: Renditions, { width, height }: Size): readonly RenditionName[] {
  if (wanted !== 'auto') return largestFirst(wanted);
  const lines = Math.min(width, height);
  return autoLadders.find(([least]) => lines >= least)?.[1] ?? ['source'];
}

/** The best rendition: `source` too where the named one would be no smaller. */
export function topOf(names: readonly RenditionName[], { width, height }: Size): RenditionName {
  const [first = 'source'] = names;
  return renditionPixels[first] < Math.min(width, height) ? first : 'source';
}

/**
 * The renditions below the best one, the lowest first; those that would be no smaller than the source are left out.
 *
 * @param names the largest first
 */
export function lowerRenditions(
  names: readonly RenditionName[],
  source: Size & { readonly fps: number | null; readonly codec: string; readonly bitrateBps: number | null },
  maxBps: number,
): Rendition[] {
  const lines = Math.min(source.width, source.height);
  const lower = names.slice(1).filter((name) => renditionPixels[name] < lines);
  return lower.toReversed().map((name) => {
    const size = outputSize(source, renditionPixels[name]);
    const fps = (source.fps ?? 0) > slowFps ? lowerFps : null;
    const bps = outputBitrate(size, Math.min(source.fps ?? lowerFps, lowerFps), source, maxBps);
    return { name, ...size, fps, bitrateBps: Math.round((bps * lowerShare) / 10_000) * 10_000 };
  });
}
