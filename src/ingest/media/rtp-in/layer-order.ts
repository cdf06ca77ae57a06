import type { PictureSize } from './picture-size.ts';

/**
 * Whether a publisher lists its layers from the largest to the smallest; undefined while it cannot be told. Browsers list
 * the smallest first, but nothing makes others do so (RFC 8853, 5.2), and only the pictures tell.
 *
 * @param sizes in the listed order, undefined where no picture has come
 */
export function largestFirst(sizes: readonly (PictureSize | undefined)[]): boolean | undefined {
  const areas = sizes.filter((size) => size !== undefined).map(({ width, height }) => width * height);
  const [first = 0, last = 0] = [areas[0], areas.at(-1)];
  return first === last ? undefined : first > last;
}
