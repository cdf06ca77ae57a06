import { expect, test } from 'vitest';
import type { Clock } from '../../../../src/contract/clock.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { Splicer } from '../../../../src/ingest/process/splicer/splicer.ts';
import type { Placed } from '../../../../src/ingest/process/splicer/timeline.ts';
import { RecordingSink } from '../../../helpers/recording-sink.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { feedOf, pictures, push, sounds, times, video } from './frames.ts';

async function splicerInto(clock: Clock, send: (placed: Placed) => void): Promise<Splicer> {
  return await Splicer.create({
    ...{
      video: null,
      audio: null,
      clock,
      onFinished: () => {},
      onBegun: () => {},
      onKeyFrameWanted: () => {},
    },
    openSink: async () => Object.assign(new RecordingSink(), { send }),
  });
}

test.each([
  { name: 'a recording with 50,000 pictures a second', live: false, bytes: 0, stepMs: 0.02 },
  { name: 'a live source that sends 50,000 pictures at once', live: true, bytes: 0, stepMs: 0.02 },
  { name: 'a live source of great pictures', live: true, bytes: 300_000, stepMs: 10 },
])('$name leaves whole, and its neighbour has its turn between', async ({ live, bytes, stepMs }) => {
  const clock = new VirtualClock();
  /** What left, in order. */
  const left: ('flood' | 'neighbour')[] = [];
  /** Frames that left at each turn of the loop. */
  const turns = [0];
  const inTurns: Clock = {
    nowMs: () => clock.nowMs(),
    wallMs: () => clock.wallMs(),
    after: (ms, act) =>
      clock.after(ms, () => {
        turns.push(0);
        act();
      }),
  };
  const leave = (name: 'flood' | 'neighbour') => () => {
    left.push(name);
    turns.push((turns.pop() ?? 0) + 1);
  };
  const flooded = await splicerInto(inTurns, leave('flood'));
  const neighbour = await splicerInto(inTurns, leave('neighbour'));
  neighbour.cut(feedOf([...pictures(0, 5000), ...sounds(0, 5000)]));
  const feed = new Feed(['video'], { live });
  flooded.cut(feed);
  await clock.pass(1000);
  // On air first: before that a live feed keeps only what it begins with.
  push(feed, [video(0, true)]);
  flooded.wake();
  await clock.pass(100);
  const frames = times(stepMs, 1000, stepMs).map((at) => video(at, false, bytes));
  for (const frame of frames) feed.push(frame);
  turns.push(0);
  flooded.wake();
  await clock.pass(3000);
  const most = bytes === 0 ? 256 : 4;
  expect(Math.max(...turns)).toBeLessThanOrEqual(most);
  expect(left.filter((one) => one === 'flood')).toHaveLength(frames.length + 1);
  expect(left.filter((one) => one === 'neighbour').length).toBeGreaterThan(3000 / 20);
});
