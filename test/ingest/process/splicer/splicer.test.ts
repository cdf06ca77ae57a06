import { describe, expect, test } from 'vitest';
import { silentPacket } from '../../../../src/ingest/media/opus/opus-packet.ts';
import { SlateFeed } from '../../../../src/ingest/process/slate/slate-feed.ts';
import { slateOfFrames } from '../../../../src/ingest/process/slate/slate-of-frames.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { Splicer, type SplicerOptions } from '../../../../src/ingest/process/splicer/splicer.ts';
import { RecordingSink } from '../../../helpers/recording-sink.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { feedOf, pictures, push, sounds } from './frames.ts';

const both = (fromMs: number, toMs: number) => [...pictures(fromMs, toMs), ...sounds(fromMs, toMs)];

async function onVirtualTime(heard: Partial<SplicerOptions> = {}) {
  const clock = new VirtualClock();
  const sink = new RecordingSink();
  const splicer = await Splicer.create({
    ...{ video: null, audio: null, clock, openSink: async () => sink },
    ...{ onFinished: () => {}, onBegun: () => {}, onKeyFrameWanted: () => {}, ...heard },
  });
  return { clock, sink, splicer };
}

describe('Splicer', () => {
  test('lets each frame go at its moment, and tells of what has begun and ended', async () => {
    const told: string[] = [];
    const feeds = [feedOf(both(0, 400)), feedOf(both(70_000, 70_400))];
    const name = (feed: Feed) => feeds.indexOf(feed);
    const { clock, sink, splicer } = await onVirtualTime({
      onBegun: (feed) => told.push(`begun ${name(feed)}`),
      onFinished: (feed) => told.push(`finished ${name(feed)}`),
    });
    for (const feed of feeds) splicer.cue(feed);
    await clock.pass(2000);
    expect(told).toEqual(['begun 0', 'finished 0', 'begun 1', 'finished 1']);
    expect(sink.left).toHaveLength(60);
    expect(splicer.counters).toMatchObject({ pictures: 20, sourceTimeUs: 70_380_000 });
  });

  test('marks what is sent as of its own source, whatever it is sent inside of', async () => {
    const marks: number[] = [];
    const feeds = [feedOf(both(0, 400)), feedOf(both(0, 400))];
    let inside = -1;
    const { clock, sink, splicer } = await onVirtualTime({
      sliceOf: (feed) => (work) => {
        inside = feeds.indexOf(feed);
        work();
        inside = -1;
      },
    });
    const { send } = sink;
    sink.send = (placed) => {
      marks.push(inside - feeds.indexOf(placed.feed));
      send.call(sink, placed);
    };
    for (const feed of feeds) splicer.cue(feed);
    await clock.pass(2000);
    expect([sink.left.length, new Set(marks)]).toEqual([60, new Set([0])]);
  });

  test('asks once for what is not to be sent, and goes on', async () => {
    let asked = 0;
    const told: string[] = [];
    const { clock, sink, splicer } = await onVirtualTime({
      onFinished: () => told.push('finished'),
      sliceOf: () => () => {
        if (++asked > 1000) throw new Error('it is asked again and again');
      },
    });
    splicer.cue(feedOf(both(0, 400)));
    await clock.pass(2000);
    expect([sink.left.length, told]).toEqual([0, ['finished']]);
  });

  test('has no picture any more of what was cleared', async () => {
    const { clock, splicer } = await onVirtualTime();
    splicer.cue(feedOf(both(0, 2000)));
    await clock.pass(1000);
    expect(splicer.sentPicture).not.toBeNull();
    splicer.clear();
    expect(splicer.sentPicture).toBeNull();
  });

  test('tells anew of what has begun where the same is cut to again', async () => {
    const told: Feed[] = [];
    const feed = feedOf(both(0, 2000));
    const { clock, splicer } = await onVirtualTime({ onBegun: (one) => told.push(one) });
    splicer.cut(feed);
    await clock.pass(1000);
    // What was to take over never gave anything.
    splicer.cut(new Feed(['video', 'audio']));
    await clock.pass(100);
    splicer.cut(feed);
    await clock.pass(500);
    expect(told).toEqual([feed, feed]);
  });

  test('sends silence from the next packet on when it is muted, and sound from the next one on when it is not', async () => {
    const { clock, sink, splicer } = await onVirtualTime();
    // All of it waits already, and is not to be heard for that.
    splicer.cue(feedOf(both(0, 2000)));
    await clock.pass(1000);
    const before = sink.left.length;
    splicer.muted = true;
    await clock.pass(500);
    const between = sink.left.length;
    splicer.muted = false;
    await clock.pass(2000);
    const silent = sink.left.map(({ frame }) => frame.data === silentPacket);
    const heard = sink.left.map(({ frame }) => frame.kind === 'audio');
    expect(silent.slice(0, before)).not.toContain(true);
    expect(silent.slice(before, between)).toEqual(heard.slice(before, between));
    expect(silent.slice(between)).not.toContain(true);
  });

  test('plays a clip without end, which fills itself', async () => {
    const { clock, sink, splicer } = await onVirtualTime();
    splicer.cut(new SlateFeed(slateOfFrames(pictures(0, 1000, 50), 20)).feed);
    await clock.pass(60_000);
    expect(sink.left.filter(({ frame }) => frame.kind === 'video').length).toBeGreaterThan(59 * 20);
    expect(splicer.starvedMs).toBe(0);
  });

  test('says for how long nothing has come', async () => {
    const { clock, splicer } = await onVirtualTime();
    const feed = new Feed(['video'], { live: true });
    splicer.cut(feed);
    await clock.pass(1000);
    for (const picture of pictures(0, 600)) {
      push(feed, [picture]);
      splicer.wake();
      await clock.pass(40);
    }
    await clock.pass(660);
    expect(splicer.starvedMs).toBe(700);
  });

  test('misses nothing of a live picture a second until it stops', async () => {
    const { clock, splicer } = await onVirtualTime();
    const feed = new Feed(['video'], { live: true });
    splicer.cut(feed);
    await clock.pass(1000);
    for (const picture of pictures(0, 8000, 1000)) {
      push(feed, [picture]);
      splicer.wake();
      await clock.pass(999);
      expect(splicer.starvedMs).toBe(0);
      await clock.pass(1);
    }
    // One may be lost.
    await clock.pass(1700);
    expect(splicer.starvedMs).toBe(700);
  });

  test('leaves no timer behind, and does nothing any more, once it is closed', async () => {
    let told = 0;
    const tell = () => void told++;
    const { clock, sink, splicer } = await onVirtualTime({ onFinished: tell, onBegun: tell });
    splicer.cue(feedOf(both(0, 1000)));
    await splicer.close();
    await splicer.close();
    splicer.wake();
    await clock.pass(5000);
    expect([clock.timers, told, sink.left.length, sink.closed]).toEqual([0, 0, 0, true]);
  });
});
