import { expect, test } from 'vitest';
import type { AudioPlan } from '../../../../src/contract/plan.ts';
import { SoundHoles } from '../../../../src/ingest/process/players/sound-holes.ts';
import { audio, video } from '../splicer/frames.ts';
import { transcoded } from './scripted-pipelines.ts';

const encoded = { ...(transcoded.audio as AudioPlan), action: 'transcode' } as const;
const copied = { ...encoded, action: 'copy' } as const;

test.each([
  { name: 'sound that follows', at: [0, 20, 40], given: [0, 20, 40] },
  { name: 'a hole', at: [0, 20, 100], given: [0, 20, 40, 60, 80, 100] },
  { name: 'a hole of no whole packet', at: [0, 20, 75], given: [0, 20, 40, 75] },
  { name: 'an overlap', at: [0, 20, 40, 0, 20, 40, 60], given: [0, 20, 40, 60] },
  { name: 'a jump', at: [0, 20, 72_000_000, 72_000_020], given: [0, 20, 72_000_000, 72_000_020] },
  { name: 'a jump back', at: [72_000_000, 0, 20], given: [72_000_000, 0, 20] },
  { name: 'a hole in sound that is copied', audioPlan: copied, at: [0, 100], given: [0, 100] },
  {
    name: 'the same, made louder',
    audioPlan: copied,
    volumePercent: 150,
    at: [0, 60],
    given: [0, 20, 40, 60],
  },
])('$name: $at → $given', ({ at, given, audioPlan = encoded, volumePercent = 100 }) => {
  const holes = new SoundHoles(audioPlan, volumePercent);
  const frames = at.flatMap((ms) => holes.filled([video(ms), audio(ms)]));
  const times = frames.filter(({ kind }) => kind === 'audio').map(({ ptsUs }) => ptsUs / 1000);
  expect(times).toEqual(given);
});
