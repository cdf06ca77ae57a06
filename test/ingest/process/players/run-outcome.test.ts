import { expect, test } from 'vitest';
import { type FinishedRun, outcomeOf } from '../../../../src/ingest/process/players/run-outcome.ts';

const read: FinishedRun = {
  ...{ fromUs: 0, passes: false, gave: true, readToUs: 20_000_000, endUs: 60_000_000 },
  ...{ refusal: null, again: false, isLocal: false },
};
const nothing = { gave: false, readToUs: undefined };

test.each<{ name: string; run: Partial<FinishedRun>; expected: ReturnType<typeof outcomeOf> }>([
  { name: 'at its end', run: { readToUs: 60_000_000 }, expected: { is: 'over', short: null } },
  { name: 'among its last frames', run: { readToUs: 58_100_000 }, expected: { is: 'over', short: null } },
  { name: 'behind its end', run: { readToUs: 61_000_000 }, expected: { is: 'over', short: null } },
  { name: 'somewhere, of unknown length', run: { endUs: null }, expected: { is: 'over', short: null } },
  {
    name: 'somewhere, of unknown length, refused something',
    run: { endUs: null, refusal: 'no' },
    expected: { is: 'failed', message: 'no' },
  },
  {
    name: 'there again, of unknown length, refused something',
    run: { endUs: null, refusal: 'no', again: true },
    expected: { is: 'over', short: 'no' },
  },
  { name: 'before its end', run: {}, expected: { is: 'failed', message: 'it ended at 0:20 of 1:00' } },
  { name: 'there again', run: { again: true }, expected: { is: 'over', short: 'it ended at 0:20 of 1:00' } },
  {
    name: 'there again, refused something',
    run: { again: true, refusal: 'no' },
    expected: { is: 'failed', message: 'no' },
  },
  {
    name: 'at its end, refused something',
    run: { readToUs: 60_000_000, refusal: 'no' },
    expected: { is: 'over', short: null },
  },
  { name: 'without a frame', run: nothing, expected: { is: 'over', short: null } },
  {
    name: 'without a frame, in its midst',
    run: { ...nothing, fromUs: 30_000_000 },
    expected: { is: 'unsought' },
  },
  {
    name: 'without a frame, in the midst of what has no known length',
    run: { ...nothing, fromUs: 30_000_000, endUs: null },
    expected: { is: 'unsought' },
  },
  {
    name: 'without a frame, behind its end',
    run: { ...nothing, fromUs: 70_000_000 },
    expected: { is: 'over', short: null },
  },
  {
    name: 'without a frame, refused something',
    run: { ...nothing, fromUs: 30_000_000, refusal: 'no' },
    expected: { is: 'failed', message: 'no' },
  },
  {
    name: 'without a frame, having read up to its place',
    run: { ...nothing, fromUs: 30_000_000, passes: true },
    expected: { is: 'over', short: null },
  },
  {
    name: 'without a frame where it goes on',
    run: { fromUs: 15_000_000, gave: false },
    expected: { is: 'unsought' },
  },
  {
    name: 'without a frame where a file of this machine ended before',
    run: { fromUs: 20_001_000, gave: false, again: true, isLocal: true },
    expected: { is: 'over', short: 'it ended at 0:20 of 1:00' },
  },
  {
    name: 'without a frame where it was broken off, with much to come',
    run: { fromUs: 20_001_000, gave: false, again: true },
    expected: { is: 'unsought' },
  },
  {
    name: 'without a frame where it was broken off, with less to come than it takes to read up to there',
    run: { fromUs: 300_001_000, readToUs: 300_000_000, endUs: 304_000_000, gave: false, again: true },
    expected: { is: 'over', short: 'it ended at 5:00 of 5:04' },
  },
  {
    name: 'without a frame where it was broken off, far from its beginning',
    run: { fromUs: 3_000_000_000, readToUs: 3_000_000_000, endUs: 9e9, gave: false, again: true },
    expected: { is: 'over', short: 'it ended at 50:00 of 2:30:00' },
  },
])('ffmpeg that ended $name', ({ run, expected }) => {
  expect(outcomeOf({ ...read, ...run })).toEqual(expected);
});
