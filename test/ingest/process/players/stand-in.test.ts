import { expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { StandIn, type StandInOptions } from '../../../../src/ingest/process/players/stand-in.ts';
import { audio, ms, pictures, sounds, video } from '../splicer/frames.ts';

const slate = {
  durationUs: 1_000_000,
  frames: Array.from({ length: 25 }, (_, index) => ({
    ...video(index * 40, index === 0),
    data: Buffer.from('slate'),
  })),
};

function standing(options: Partial<StandInOptions> = {}) {
  const told: string[] = [];
  const standIn = new StandIn({
    ...{ expected: ['video', 'audio'], planned: ['video', 'audio'], layers: 1, slate: () => slate },
    onMissing: (kinds) => told.push(kinds.join()),
    ...options,
  });
  /** Frames that come when they are due. */
  const passed = (frames: readonly MediaFrame[]) =>
    frames.toSorted((a, b) => a.ptsUs - b.ptsUs).flatMap((frame) => standIn.see(frame, frame.ptsUs / ms));
  return { standIn, told, passed };
}

const isSlate = ({ data }: MediaFrame) => data.toString() === 'slate';
const atMs = ({ ptsUs }: MediaFrame) => ptsUs / ms;

test('a picture that ends gives way to the slate, which stays behind the sound, and comes back with a key frame', () => {
  const { standIn, told, passed } = standing();
  passed([...pictures(0, 5000), ...sounds(0, 5000)]);
  const filled = passed(sounds(5000, 12_000));
  const stood = filled.filter(isSlate);
  expect(told).toEqual(['video']);
  expect(stood[0]).toMatchObject({ key: true, layer: 0 });
  expect(stood.length).toBeGreaterThan(80);
  expect(Math.max(...stood.map(atMs))).toBeLessThan(11_980 - 100);
  expect(filled.filter(({ kind }) => kind === 'audio')).toHaveLength(350);
  // In the midst of its group of pictures.
  expect(
    passed([video(12_000), video(12_040), audio(12_000)]).filter(({ kind }) => kind === 'video'),
  ).toEqual(expect.not.arrayContaining([expect.objectContaining({ ptsUs: 12_000_000 })]));
  // An encoder gives its last pictures when it ends.
  expect({ told, wants: standIn.wantsKeyFrame }).toEqual({ told: ['video'], wants: true });
  const back = passed([...pictures(12_080, 13_000), ...sounds(12_020, 13_000)]);
  expect(back.filter((frame) => frame.kind === 'video' && atMs(frame) >= 12_080).some(isSlate)).toBe(false);
  expect(back.find((frame) => frame.kind === 'video' && !isSlate(frame))).toMatchObject({ key: true });
  expect({ told, wants: standIn.wantsKeyFrame }).toEqual({ told: ['video', ''], wants: false });
});

test('sound that ends gives way to silence', () => {
  const { told, passed } = standing();
  passed([...pictures(0, 5000), ...sounds(0, 5000)]);
  const filled = passed(pictures(5000, 12_000)).filter(({ kind }) => kind === 'audio');
  expect(told).toEqual(['audio']);
  expect(filled.length).toBeGreaterThan(150);
  const back = passed([...pictures(12_000, 13_000), ...sounds(12_000, 13_000)]);
  const times = [...filled, ...back.filter(({ kind }) => kind === 'audio')].map(atMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(back.filter(({ data }) => data.toString() === 'audio 12980')).toHaveLength(1);
});

test('a picture that was never there is stood in for too, in each of its renditions', () => {
  const { passed } = standing({ layers: 2 });
  const stood = passed(sounds(0, 4000)).filter(isSlate);
  expect(new Set(stood.map(({ layer }) => layer))).toEqual(new Set([0, 1]));
});

test('of the renditions of a picture that is back the others are stood in for no more, and come back with a key frame too', () => {
  const { passed, told } = standing({ layers: 2 });
  const both = pictures(0, 5000).flatMap((frame) => [frame, { ...frame, layer: 1 }]);
  passed([...both, ...sounds(0, 5000)]);
  passed(sounds(5000, 10_000));
  const back = passed([...pictures(10_000, 11_000), ...sounds(10_000, 11_000)]);
  expect(told).toEqual(['video', '']);
  expect(back.filter((frame) => isSlate(frame) && atMs(frame) > 9920)).toEqual([]);
  const upper = (at: number, key: boolean) => ({ ...video(at, key), layer: 1 });
  const shown = passed([upper(11_000, false), upper(11_040, true), upper(11_080, false)]);
  expect(shown.map(atMs)).toEqual([11_040, 11_080]);
});

test('what its plan lacks is told, and left to others to fill; so is a slate that is not made yet', () => {
  const lacking = standing({ planned: ['audio'] });
  expect(lacking.passed(sounds(0, 6000)).some(isSlate)).toBe(false);
  expect(lacking.told).toEqual(['video']);
  let made: typeof slate | undefined;
  const late = standing({ slate: () => made });
  expect(late.passed(sounds(0, 6000)).some(isSlate)).toBe(false);
  made = slate;
  expect(late.passed(sounds(6000, 7000)).some(isSlate)).toBe(true);
});
