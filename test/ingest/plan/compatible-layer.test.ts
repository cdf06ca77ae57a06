import { expect, test } from 'vitest';
import type { Renditions } from '../../../src/contract/rendition-names.ts';
import { compatibleLayer } from '../../../src/ingest/plan/compatible-layer.ts';
import { compatibleSize } from '../../../src/ingest/plan/compatible-size.ts';

test.each<{ renditions: Renditions; layer: number }>([
  { renditions: ['source'], layer: 0 },
  { renditions: ['source', '240p'], layer: 1 },
  { renditions: ['source', '480p', '240p'], layer: 1 },
  { renditions: ['source', '360p'], layer: 0 },
  { renditions: ['240p'], layer: 0 },
])('of $renditions layer $layer is made compatible', ({ renditions, layer }) => {
  expect(compatibleLayer(renditions)).toBe(layer);
});

test.each([
  { onAir: { width: 1920, height: 1080 }, size: { width: 852, height: 480 } },
  { onAir: { width: 1080, height: 1920 }, size: { width: 480, height: 852 } },
  { onAir: { width: 320, height: 240 }, size: { width: 320, height: 240 } },
])('a compatible picture of $onAir is $size', ({ onAir, size }) => {
  expect(compatibleSize(onAir)).toEqual(size);
});
