import { expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { KeyFrameWatch } from '../../../../src/ingest/process/players/key-frame-watch.ts';
import { audio, video } from '../splicer/frames.ts';

/** A picture each 500 ms: `K` a key frame, `r` one that ffmpeg calls so, `.` neither. */
function picture(letters: string): MediaFrame[] {
  return [...letters].map((letter, index) => ({
    ...video(index * 500, letter === 'K'),
    ...(letter === 'r' && { refreshes: true as const }),
  }));
}

interface Case {
  readonly name: string;
  readonly frames: readonly MediaFrame[];
  readonly layer?: number;
  readonly measured?: boolean;
  readonly expected: unknown;
}

const regular = 'K...K...K...K';
const lower = picture('KKKKKKKKKKK');
const upper = picture('K..........').map((frame) => ({ ...frame, layer: 1 }));

test.each<Case>([
  { name: 'regular key frames', frames: picture(regular), expected: undefined },
  { name: 'one between them that is none', frames: picture('K...K.r.K...K'), expected: undefined },
  { name: 'one before each that is none', frames: picture('r.K.r.K.r.K'), expected: undefined },
  { name: 'a connection in the midst', frames: picture('r...K...K'), expected: undefined },
  { name: 'none but the first', frames: picture('K.r.r.r.r'), expected: [3000, { intraRefresh: true }] },
  { name: 'none at all', frames: picture('r.r.r.r.r'), expected: [3000, { intraRefresh: true }] },
  {
    name: 'none but the first of what was measured',
    ...{ frames: picture('K.r.r.r.r'), measured: true },
    expected: [3000, { intraRefresh: true }],
  },
  { name: 'few', frames: picture('K.......K'), expected: [3000, { keyframeIntervalMs: 3000 }] },
  { name: 'few of what was measured', frames: picture('K.......K'), measured: true, expected: undefined },
  {
    name: 'few, behind a time that had some',
    frames: picture('K.r.K......K'),
    expected: [5000, { keyframeIntervalMs: 3000 }],
  },
  {
    name: 'few beside the many of what is encoded',
    frames: lower.flatMap((frame, index) => [frame, ...upper.slice(index, index + 1)]),
    layer: 1,
    expected: [3000, { keyframeIntervalMs: 3000 }],
  },
  { name: 'sound', frames: [0, 5000].map(audio), expected: undefined },
])(
  'KeyFrameWatch with key frames at most 2.5 s apart: $name',
  ({ frames, layer = 0, measured = false, expected }) => {
    const watch = new KeyFrameWatch({ layer, maxIntervalMs: 2500, measured });
    let told: unknown;
    for (const frame of frames) {
      const seen = watch.see(frame);
      if (seen) told ??= [frame.ptsUs / 1000, seen];
    }
    expect(told).toEqual(expected);
  },
);
