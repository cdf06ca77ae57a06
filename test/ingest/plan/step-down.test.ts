import { expect, test } from 'vitest';
import type { Rendition, VideoPlan } from '../../../src/contract/plan.ts';
import type { RenditionName } from '../../../src/contract/rendition-names.ts';
import { stepDown } from '../../../src/ingest/plan/step-down.ts';

const p480: Rendition = { name: '480p', width: 854, height: 480, fps: null, bitrateBps: 930_000 };
const p240: Rendition = { name: '240p', width: 426, height: 240, fps: null, bitrateBps: 330_000 };
const fullHd: VideoPlan = {
  ...{ action: 'transcode', index: 0, from: 'hevc', reasons: ['hevc → h264'], codec: 'h264', name: 'source' },
  ...{ width: 1920, height: 1080, fps: null, bitrateBps: 4_500_000, deinterlace: false },
  lower: [p240, p480],
};
const half = (one: Rendition) => ({ ...one, fps: 30 });

test.each<[name: string, change: Partial<VideoPlan>, speed: number, names: RenditionName[] | null]>([
  ['a copy loses the one in the middle first', { action: 'copy' }, 0.8, ['source', '240p']],
  ['and then the lowest', { action: 'copy', lower: [p240] }, 0.8, ['source']],
  ['both at once where one is not enough', { action: 'copy' }, 0.3, ['source']],
  ['a copy alone has nothing to lose', { action: 'copy', lower: [] }, 0.5, null],
  ['a transcode loses the one in the middle, where that will do', {}, 0.94, ['source', '240p']],
  ['else its best becomes smaller', {}, 0.8, ['720p', '240p']],
  ['and smaller', {}, 0.5, ['480p', '240p']],
  ['and the lowest alone is left in the end', {}, 0.1, ['240p']],
  ['the same without others', { lower: [] }, 0.8, ['720p']],
  ['down to the smallest that there is', { lower: [] }, 0.1, ['240p']],
  ['which has nothing to lose', { ...p240, bitrateBps: 1, lower: [] }, 0.5, null],
  [
    'which helps less where it has half the pictures',
    { lower: [p240, p480].map(half) },
    0.94,
    ['720p', '240p'],
  ],
])('%s', (_, change, speed, names) => {
  expect(stepDown({ ...fullHd, ...change }, speed)).toEqual(names);
});
