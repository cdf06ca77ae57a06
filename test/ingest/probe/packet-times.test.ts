import { expect, test } from 'vitest';
import { readIntervals, readPacketTimes, stretchesOf } from '../../../src/ingest/probe/packet-times.ts';

const hour = 3_600_000;
const stretches = [
  { fromMs: 0, toMs: 6000 },
  { fromMs: 100_000, toMs: 106_000 },
];

test.each([
  {
    name: 'reads a small file as a whole',
    file: { sizeBytes: 50_000_000, startMs: 0, durationMs: hour },
    expected: null,
  },
  {
    name: 'takes eight stretches of a long file, from its first to its last second',
    file: { sizeBytes: 5e9, startMs: 1400, durationMs: 2 * hour },
    expected:
      '%7.4,1029.114%1035.114,2056.829%2062.829,3084.543%3090.543,4112.257%4118.257,5139.971%5145.971,6167.686%6173.686,7195.4%7201.4',
  },
  {
    name: 'takes fewer of a short one',
    file: { sizeBytes: 5e8, startMs: -7, durationMs: 30_000 },
    expected: '%5.993,23.993%29.993',
  },
  {
    name: 'takes three of what has no size, as it comes over a network',
    file: { sizeBytes: null, startMs: 0, durationMs: hour },
    expected: '%6,1797%1803,3594%3600',
  },
  {
    name: 'takes all of what is said to be short, and looks behind its end',
    file: { sizeBytes: null, startMs: 0, durationMs: 10_000 },
    expected: '%16',
  },
  {
    name: 'takes the beginning where the end is not known',
    file: { sizeBytes: 5e8, startMs: 0, durationMs: null },
    expected: '%6',
  },
])('stretchesOf $name', ({ file, expected }) => {
  const found = stretchesOf(file);
  expect(found && readIntervals(found)).toBe(expected);
});

test.each([
  { name: 'finds nothing in nothing', csv: '', expected: { bFrames: null, maxKeyframeIntervalMs: null } },
  {
    name: 'measures between key frames',
    csv: '0.0,0.0,K__\n1.0,1.0,___\n2.0,2.0,K__\n2.5,2.5,___\n',
    expected: { bFrames: false, maxKeyframeIntervalMs: 2000, edited: false },
  },
  {
    name: 'measures up to the end',
    csv: '0.0,0.0,K__\n1.0,1.0,K__\n4.5,4.5,___\n',
    expected: { bFrames: false, maxKeyframeIntervalMs: 3500 },
  },
  {
    name: 'measures from the beginning',
    csv: '0.0,0.0,___\n3.0,3.0,K__\n4.0,4.0,___\n',
    expected: { bFrames: false, maxKeyframeIntervalMs: 3000 },
  },
  {
    name: 'sees B-frames by the order of times',
    csv: '0.0,-0.2,K_\n0.3,-0.1,__\n0.1,0.0,__\n0.2,0.1,__\n',
    expected: { bFrames: true, maxKeyframeIntervalMs: 300, latestMs: 300 },
  },
  {
    name: 'does not know of B-frames where only decoding times are',
    csv: 'N/A,0.0,K__\nN/A,0.5,___\n',
    expected: { bFrames: null, maxKeyframeIntervalMs: 500 },
  },
  {
    name: 'sees what is only decoded, and not shown',
    csv: '-0.2,-0.2,KD_\n-0.1,-0.1,_D_\n0.0,0.0,___\n',
    expected: { bFrames: false, edited: true },
  },
  {
    name: 'takes a line that was cut off for nothing',
    csv: '0.0,0.0,K__\n0.5,0.5,___\n99.0,9',
    expected: { bFrames: false, maxKeyframeIntervalMs: 500 },
  },
  {
    name: 'takes the step from one stretch to the next for no distance',
    csv: '0.0,0.0,K__\n5.9,5.9,___\n99.0,99.0,K__\n102.0,102.0,K__\n105.9,105.9,___\n',
    stretches,
    expected: { bFrames: false, maxKeyframeIntervalMs: 5900 },
  },
  {
    name: 'takes the step back to a far key frame for no B-frame',
    csv: '0.0,0.0,K__\n5.9,5.9,___\n0.0,0.0,K__\n105.9,105.9,___\n',
    stretches,
    expected: { bFrames: false, maxKeyframeIntervalMs: 105_900 },
  },
])('readPacketTimes $name', ({ csv, stretches: parts, expected }) => {
  expect(readPacketTimes(csv, parts ?? null)).toMatchObject(expected);
});
