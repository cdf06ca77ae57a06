import { expect, test } from 'vitest';
import { GapWatch } from '../../../../src/ingest/process/players/gap-watch.ts';
import { pictures, sounds, video } from '../splicer/frames.ts';

const given = (fromMs: number, toMs: number) => [...pictures(fromMs, toMs), ...sounds(fromMs, toMs)];

test.each([
  { name: 'sees what all tracks leave out', pieces: [given(0, 2000), given(4000, 5000)], expected: true },
  {
    name: 'sees no gap where sound goes on',
    pieces: [given(0, 2000), sounds(2000, 5000), given(5000, 6000)],
  },
  {
    name: 'sees no gap where pictures go on',
    pieces: [given(0, 2000), pictures(2000, 5000), given(5000, 6000)],
  },
  { name: 'takes what is given again for none', pieces: [given(0, 4000), given(1000, 5000)] },
  { name: 'takes a jump for none, and goes on from there', pieces: [given(0, 1000), given(90_000, 91_000)] },
  { name: 'takes a jump back for none', pieces: [given(90_000, 91_000), given(0, 1000), given(1000, 2000)] },
  { name: 'takes a late beginning for none', pieces: [given(5000, 6000)] },
  {
    name: 'sees what is left out where it goes on',
    fromUs: 1_000_000,
    pieces: [given(5000, 6000)],
    expected: true,
  },
  {
    name: 'sees what is long where times are places',
    mostUs: Number.POSITIVE_INFINITY,
    pieces: [given(0, 1000), given(90_000, 91_000)],
    expected: true,
  },
])('GapWatch $name', ({ pieces, fromUs, mostUs, expected = false }) => {
  const watch = new GapWatch(fromUs, mostUs);
  expect(pieces.some((piece) => watch.see(piece) !== null)).toBe(expected);
});

test('GapWatch sees one gap after the other, each before the frame behind it', () => {
  const watch = new GapWatch(undefined);
  const frames = [0, 40, 4000, 4040, 8000].map((atMs) => video(atMs));
  expect(watch.see(frames)).toEqual({ gap: { fromUs: 40_000, toUs: 4_000_000 }, at: 2 });
  expect(watch.see(frames.slice(2))).toEqual({ gap: { fromUs: 4_040_000, toUs: 8_000_000 }, at: 2 });
  expect(watch.see(frames.slice(4))).toBeNull();
});
