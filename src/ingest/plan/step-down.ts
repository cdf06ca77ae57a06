import type { VideoPlan } from '../../contract/plan.ts';
import { type RenditionName, renditionNames, renditionPixels } from '../../contract/rendition-names.ts';
import { decodingShare } from './encoding-cost.ts';
import { lowerFps } from './ladder.ts';
import { outputSize } from './output-size.ts';

/** Of what gets done now, so that the next plan is not too much again. */
const share = 0.95;
/** Pictures per second of a source whose lower renditions have fewer. */
const fastFps = 60;

/**
 * The renditions to go on with where a plan is too much: fewer, and where the best one is encoded too, a smaller one; as little less as
 * will do. The lowest is kept, since viewers on poor lines have nothing else.
 *
 * @param speed what ffmpeg gets done of it, as a part of real time
 * @returns the largest first; null: there is nothing to leave out
 */
export function stepDown(video: VideoPlan, speed: number): readonly RenditionName[] | null {
  const steps = stepsBelow(video);
  const most = costOf(video, namesOf(video)) * speed * share;
  return steps.find((names) => costOf(video, names) <= most) ?? steps.at(-1) ?? null;
}

/** The renditions of a plan, the largest first. */
export function namesOf({ name, lower }: VideoPlan): readonly RenditionName[] {
  return [name, ...lower.toReversed().map((rendition) => rendition.name)];
}

function stepsBelow(video: VideoPlan): readonly (readonly RenditionName[])[] {
  const { action, name, lower, width, height } = video;
  const lowest = lower.slice(0, 1).map((rendition) => rendition.name);
  const fewer = lower.length > 1 ? [[name, ...lowest]] : [];
  if (action === 'copy') return lower.length === 0 ? [] : [...fewer, [name]];
  const least = Math.max(0, ...lowest.map((one) => renditionPixels[one]));
  const smaller = renditionNames.filter(
    (one) => renditionPixels[one] < Math.min(width, height) && renditionPixels[one] > least,
  );
  return [...fewer, ...smaller.map((one) => [one, ...lowest]), ...(lowest.length > 0 ? [lowest] : [])];
}

/** Pixels that are encoded in a second, and those that are decoded by what they cost: only to be compared. */
function costOf(video: VideoPlan, names: readonly RenditionName[]): number {
  const comes = video.lower.some(({ fps }) => fps !== null) ? fastFps : lowerFps;
  const encoded = names.map((name) => {
    if (name === video.name)
      return video.action === 'copy' ? 0 : video.width * video.height * (video.fps ?? comes);
    const lower = video.lower.find((rendition) => rendition.name === name);
    const { width, height } = lower ?? outputSize(video, renditionPixels[name]);
    return width * height * (lower?.fps ?? comes);
  });
  return encoded.reduce((sum, pixels) => sum + pixels, video.width * video.height * comes * decodingShare);
}
