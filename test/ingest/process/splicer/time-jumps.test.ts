import { describe, expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { Filler } from '../../../../src/ingest/process/slate/filler.ts';
import { slateOfFrames } from '../../../../src/ingest/process/slate/slate-of-frames.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { type Placed, Timeline } from '../../../../src/ingest/process/splicer/timeline.ts';
import { audio, ms, pictures, sounds, times, video } from './frames.ts';

const hourMs = 3_600_000;
const jumps = [
  { name: 'forward by 20 h', jumpMs: 20 * hourMs },
  { name: 'forward by a minute', jumpMs: 60_000 },
  { name: 'back by 2 h', jumpMs: -2 * hourMs },
  { name: 'back by a minute', jumpMs: -60_000 },
];
/** Five seconds from 3 h on, then, after the jump, five more. */
const fromMs = 3 * hourMs;
const around = (jumpMs: number, frames: (fromMs: number, toMs: number) => MediaFrame[]) => [
  ...frames(fromMs, fromMs + 5000),
  ...frames(fromMs + 5000 + jumpMs, fromMs + 10_000 + jumpMs),
];

/** Reads on whenever there is room; gives what left until the end, and how far it read ahead, as a part of all at a time. */
function play(
  frames: readonly MediaFrame[],
  kinds: readonly MediaFrame['kind'][],
  leftOutUs: readonly [fromUs: number, toUs: number] = [0, 0],
) {
  const isFilled = kinds.some((kind) => frames.every((frame) => frame.kind !== kind));
  const filler = isFilled ? Filler.sound(frames[0]?.ptsUs ?? 0) : undefined;
  const rest = frames.values();
  let read = 0;
  const ahead: number[] = [];
  const feed: Feed = new Feed(kinds, { onRoom: () => readOn() });
  feed.leaveOut(...leftOutUs);
  const readOn = () => {
    while (!feed.full) {
      const next = rest.next();
      if (next.done) return feed.end();
      read++;
      for (const frame of [next.value, ...(filler?.upTo(next.value.ptsUs + 1) ?? [])]) feed.push(frame);
    }
  };
  readOn();
  const timeline = new Timeline();
  timeline.cut(feed);
  const left: Placed[] = [];
  let over = false;
  for (let nowUs = 0; nowUs < 60_000 * ms && !over; nowUs += 5 * ms) {
    const step = timeline.take(nowUs);
    left.push(...step.due);
    if (!feed.ended) ahead.push(read / frames.length - nowUs / 10e6);
    over = step.finished.includes(feed);
  }
  return { left, ahead: Math.max(...ahead), over };
}

const apart = (left: readonly Placed[], kind: MediaFrame['kind']) =>
  left
    .filter(({ frame }) => frame.kind === kind)
    .map(({ timeUs }) => timeUs / ms)
    .flatMap((time, index, all) => (index === 0 ? [] : [time - (all[index - 1] ?? 0)]));

describe.each(jumps)('a source whose times jump $name', ({ jumpMs }) => {
  const cases = [
    { name: 'without sound', frames: around(jumpMs, (a, b) => pictures(a, b)), kinds: ['video', 'audio'] },
    {
      name: 'with both',
      frames: [
        ...[0, jumpMs].flatMap((shiftMs, index) =>
          times(index * 5000, 5000 + index * 5000, 40).flatMap((at) => [
            video(fromMs + at + shiftMs, at % 1000 === 0),
            audio(fromMs + at + shiftMs),
            audio(fromMs + at + shiftMs + 20),
          ]),
        ),
      ],
      kinds: ['video', 'audio'],
    },
    { name: 'of sound alone', frames: around(jumpMs, (a, b) => sounds(a, b)), kinds: ['audio'] },
  ] as const;

  test.each(cases)('$name goes on right behind, and holds no more than before', ({ frames, kinds }) => {
    const { left, ahead, over } = play(frames, kinds);
    expect(over).toBe(true);
    expect(ahead).toBeLessThan(0.3);
    for (const kind of kinds) {
      const steps = apart(left, kind);
      expect(Math.max(...steps)).toBeLessThanOrEqual(100);
      expect(steps.reduce((sum, step) => sum + step, 0)).toBeGreaterThan(9500);
    }
    const last = left.at(-1)?.timeUs ?? 0;
    expect(last - (left[0]?.timeUs ?? 0)).toBeLessThan(10_200 * ms);
  });

  test('is filled by no more than what plays', () => {
    const slate = slateOfFrames(pictures(0, 1000, 50), 20);
    for (const filler of [Filler.sound(fromMs * ms), Filler.picture(slate, fromMs * ms)]) {
      filler.upTo((fromMs + 5000) * ms);
      expect(filler.upTo((fromMs + 5000 + jumpMs) * ms).length).toBeLessThanOrEqual(20);
      const [first] = filler.upTo((fromMs + 5100 + jumpMs) * ms);
      expect(Math.abs((first?.ptsUs ?? 0) / ms - (fromMs + 5000 + jumpMs))).toBeLessThanOrEqual(1000);
    }
  });
});

test('a slide show without sound keeps its pace, and each picture is sent again until the next', () => {
  const frames = times(0, 120_000, 20_000).map((at) => video(at, true));
  const { left } = play(frames, ['video', 'audio']);
  expect(new Set(apart(left, 'video'))).toEqual(new Set([900, 200]));
  const shown = left.filter(({ frame }) => frame.kind === 'video');
  const turns = shown.filter(({ frame }, at) => frame.data !== shown[at - 1]?.frame.data);
  expect(new Set(apart(turns, 'video'))).toEqual(new Set([20_000]));
});

test('what cannot be had is left out of a source with sound, which goes on right behind it', () => {
  const frames = [...times(0, 5000, 20), ...times(13_000, 18_000, 20)].flatMap((at) =>
    at % 40 === 0 ? [video(at, at % 1000 === 0), audio(at)] : [audio(at)],
  );
  const { left, ahead, over } = play(frames, ['video', 'audio'], [4_980_000, 13_000_000]);
  expect(over).toBe(true);
  expect(ahead).toBeLessThan(0.3);
  for (const kind of ['video', 'audio'] as const) {
    const steps = apart(left, kind);
    expect(Math.max(...steps)).toBeLessThanOrEqual(100);
    expect(steps.reduce((sum, step) => sum + step, 0)).toBeGreaterThan(9500);
  }
  expect(left).toHaveLength(frames.length);
});
