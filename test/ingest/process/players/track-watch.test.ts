import { expect, test } from 'vitest';
import { TrackWatch } from '../../../../src/ingest/process/players/track-watch.ts';
import type { Kind } from '../../../../src/ingest/process/splicer/track-queue.ts';

/** Moments from one to before another, in ms. */
const every = (stepMs: number, fromMs: number, toMs: number) =>
  Array.from({ length: Math.ceil((toMs - fromMs) / stepMs) }, (_, index) => fromMs + index * stepMs);

/** What is missing, and since when that is known, in ms. */
function changes(pictures: readonly number[], sounds: readonly number[], expected: readonly Kind[]) {
  const watch = new TrackWatch(expected);
  const seen = [
    ...pictures.map((atMs) => ({ kind: 'video' as const, atMs })),
    ...sounds.map((atMs) => ({ kind: 'audio' as const, atMs })),
  ].toSorted((a, b) => a.atMs - b.atMs);
  const found: string[] = [];
  let before = '';
  for (const { kind, atMs } of seen) {
    watch.see(kind, atMs);
    const missing = watch.missing(atMs).join();
    if (missing !== before) found.push(`${atMs}: ${missing}`);
    before = missing;
  }
  return found;
}

const both = ['video', 'audio'] as const;
const usual = { pictures: every(40, 0, 20_000), sounds: every(20, 0, 20_000) };

test.each<{
  name: string;
  pictures: number[];
  sounds: number[];
  expected?: readonly Kind[];
  found: string[];
}>([
  { name: 'both tracks come', ...usual, found: [] },
  { name: 'the picture ends', ...usual, pictures: every(40, 0, 8000), found: ['10980: video'] },
  { name: 'the sound ends', ...usual, sounds: every(20, 0, 8000), found: ['11000: audio'] },
  {
    name: 'the picture ends and comes back',
    ...usual,
    pictures: [...every(40, 0, 8000), ...every(40, 14_000, 20_000)],
    found: ['10980: video', '14000: '],
  },
  {
    name: 'the picture begins late',
    ...usual,
    pictures: every(40, 4000, 20_000),
    found: ['3020: video', '4000: '],
  },
  { name: 'no picture comes, and none is expected', ...usual, pictures: [], expected: ['audio'], found: [] },
  { name: 'both stand still', pictures: every(40, 0, 4000), sounds: every(20, 0, 4000), found: [] },
  {
    name: 'both stand still, and the sound is back first',
    pictures: [...every(40, 0, 4000), ...every(40, 10_500, 14_000)],
    sounds: [...every(20, 0, 4000), ...every(20, 10_000, 14_000)],
    found: [],
  },
  {
    name: 'one picture each 20 s',
    sounds: every(20, 0, 90_000),
    pictures: every(20_000, 0, 90_000),
    found: [],
  },
  { name: 'a still', sounds: every(20, 0, 120_000), pictures: [0], found: [] },
  {
    name: 'one picture each second ends',
    sounds: every(20, 0, 30_000),
    pictures: every(1000, 0, 10_000),
    found: ['13020: video'],
  },
  {
    name: 'pictures each 2 s, and the sound ends',
    pictures: every(2000, 0, 40_000),
    sounds: every(20, 0, 9000),
    found: ['12000: audio'],
  },
  { name: 'packets of sound 400 ms apart (DTX)', ...usual, sounds: every(400, 0, 20_000), found: [] },
])('$name', ({ pictures, sounds, expected = both, found }) => {
  expect(changes(pictures, sounds, expected)).toEqual(found);
});
