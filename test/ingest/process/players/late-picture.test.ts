import { describe, expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { LatePicture } from '../../../../src/ingest/process/players/late-picture.ts';
import type { Slate } from '../../../../src/ingest/process/slate/slate.ts';
import { audio, ms, pictures, sounds, video } from '../splicer/frames.ts';

const slate = { frames: [video(0, true), video(50)], durationUs: 100 * ms } as unknown as Slate;

interface Taking {
  readonly frames: readonly MediaFrame[];
  readonly layers?: number;
  readonly made?: () => Slate | undefined;
  readonly leftMs?: number;
}

/** Times of the pictures that go on, in ms; those of the slate are by the step of its own. */
function taken({ frames, layers = 1, made = () => slate, leftMs }: Taking): number[] {
  const late = new LatePicture(layers, made);
  const given = frames.flatMap((one) => late.take(one, leftMs === undefined ? undefined : leftMs * ms));
  return given.filter(({ kind }) => kind === 'video').map(({ ptsUs }) => ptsUs / ms);
}

describe('LatePicture', () => {
  test('shows the slate from the beginning of the sound on, until a key frame that is later comes', () => {
    const late = [video(4500, true), video(5990), video(6000, true), video(6040)];
    const shown = taken({ frames: [...sounds(0, 6000), ...late] });
    expect(shown.slice(0, 3)).toEqual([0, 50, 100]);
    expect(shown.slice(-3)).toEqual([4950, 6000, 6040]);
    expect(shown).toHaveLength(100 + 2);
  });

  test('shows nothing where the picture comes in time, nor later', () => {
    const frames = [...sounds(0, 2900), ...pictures(0, 2900), ...sounds(2900, 20_000)];
    expect(taken({ frames })).toEqual(pictures(0, 2900).map(({ ptsUs }) => ptsUs / ms));
  });

  test('shows nothing of what was heard before there is a slate', () => {
    let looks = 0;
    const made = () => (looks++ < 50 ? undefined : slate);
    expect(taken({ frames: sounds(0, 8000), made, leftMs: 2500 })[0]).toBe(2500);
  });

  test('shows it to all renditions, each until its own begins', () => {
    const of = (layer: number, atMs: number): MediaFrame => ({ ...video(atMs, true), layer });
    const frames = [...sounds(0, 4000), of(1, 4000), ...sounds(4000, 4200), of(0, 4200), audio(20_000)];
    const shown = taken({ frames, layers: 2 });
    expect(shown.filter((at) => at === 0)).toHaveLength(2);
    expect(shown.filter((at) => at === 3150)).toHaveLength(1);
    expect(shown.slice(-1)).toEqual([4200]);
  });

  test('passes all on where there is no picture to come', () => {
    expect(taken({ frames: [...sounds(0, 9000), video(9000)], layers: 0 })).toEqual([9000]);
  });
});
