import { expect, test } from 'vitest';
import { largestFirst } from '../../../../src/ingest/media/rtp-in/layer-order.ts';

const [small, middle, large] = [180, 360, 720].map((height) => ({ width: (height * 16) / 9, height }));

test.each([
  { name: 'smallest first', sizes: [small, middle, large], expected: false },
  { name: 'largest first', sizes: [large, middle, small], expected: true },
  { name: 'largest first, one to come', sizes: [large, undefined, small], expected: true },
  { name: 'smallest first, one to come', sizes: [undefined, small, large], expected: false },
  { name: 'one known', sizes: [undefined, large, undefined], expected: undefined },
  { name: 'one layer', sizes: [large], expected: undefined },
  { name: 'the same size', sizes: [large, large], expected: undefined },
  { name: 'none', sizes: [], expected: undefined },
])('largestFirst tells layers with $name', ({ sizes, expected }) => {
  expect(largestFirst(sizes)).toBe(expected);
});
