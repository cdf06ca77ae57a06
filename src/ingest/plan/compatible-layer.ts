import { largestFirst, type Renditions, renditionPixels } from '../../contract/rendition-names.ts';

/** A rendition of so many lines is worth more than the work that a larger one is, when it is made compatible. */
const enoughLines = 360;

/** Which rendition a compatible picture is made of, the lowest is 0: the smallest that is not too small. */
export function compatibleLayer(renditions: Renditions): number {
  if (renditions === 'auto') return 0;
  const lowestFirst = largestFirst(renditions).toReversed();
  const layer = lowestFirst.findIndex((name) => renditionPixels[name] >= enoughLines);
  return layer === -1 ? lowestFirst.length - 1 : layer;
}
