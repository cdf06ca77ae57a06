import { describe, expect, test } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { pictureLossIndication } from '../../../../src/ingest/media/rtp/key-frame-requests.ts';
import { Feed } from '../../../../src/ingest/process/splicer/feed.ts';
import { Splicer, type SplicerOptions } from '../../../../src/ingest/process/splicer/splicer.ts';
import { steps, UdpSink } from '../../udp-sink.ts';
import { feedOf, pictures, push, sounds } from './frames.ts';

const identity = { ssrc: 0xaaaa_0001, payloadType: 101, clockRate: 90_000, extensionId: 1 };
const video = { codec: 'vp8' as const, identities: [identity] };
const audio = {
  identity: { ssrc: 0xbbbb_0002, payloadType: 100, clockRate: 48_000, extensionId: 1 },
};
const ssrc = { video: 0xaaaa_0001, audio: audio.identity.ssrc };

async function splicerWith(options: Partial<SplicerOptions> = {}): Promise<Splicer> {
  return await Splicer.create({
    video,
    audio,
    onFinished: () => {},
    onBegun: () => {},
    onKeyFrameWanted: () => {},
    ...options,
  });
}

const both = (fromMs: number, toMs: number) => [...pictures(fromMs, toMs), ...sounds(fromMs, toMs)];

/** A generic NACK (RFC 4585, 6.2.1) for one packet. */
function nack(mediaSsrc: number, sequence: number): Buffer {
  const message = Buffer.from([0x81, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]);
  message.writeUInt32BE(mediaSsrc, 8);
  message.writeUInt16BE(sequence, 12);
  return message;
}

describe('Splicer', () => {
  test('sends several feeds as one stream for each track, from one port', async () => {
    await using sink = await UdpSink.create();
    const finished = Promise.withResolvers<void>();
    const feeds = [both(0, 400), both(70_000, 70_200), both(0, 400)].map((frames) => feedOf(frames));
    const over: Feed[] = [];
    await using splicer = await splicerWith({
      onFinished: (feed) => {
        over.push(feed);
        if (over.length === feeds.length) finished.resolve();
      },
    });
    await splicer.connect(sink.port);
    for (const feed of feeds) splicer.cue(feed);
    await finished.promise;
    await sink.until(() => sink.rtp.length === 75);
    expect(over).toEqual(feeds);
    expect(sink.senderPort).toBe(splicer.port);

    const [seen, heard] = [sink.track(ssrc.video), sink.track(ssrc.audio)];
    expect(
      new Set(
        steps(
          seen.map(({ sequence }) => sequence),
          16,
        ),
      ),
    ).toEqual(new Set([1]));
    expect(
      new Set(
        steps(
          heard.map(({ sequence }) => sequence),
          16,
        ),
      ),
    ).toEqual(new Set([1]));
    expect(
      new Set(
        steps(
          seen.map(({ timestamp }) => timestamp),
          32,
        ),
      ),
    ).toEqual(new Set([3600]));
    expect(
      new Set(
        steps(
          heard.map(({ timestamp }) => timestamp),
          32,
        ),
      ),
    ).toEqual(new Set([960]));
    expect([seen.length, heard.length]).toEqual([25, 50]);
    expect(seen.every(({ payloadType, marker }) => payloadType === 101 && marker)).toBe(true);
    expect(heard.every(({ payloadType, marker }) => payloadType === 100 && !marker)).toBe(true);
    const said = seen.map(({ payload }) => payload.subarray(4).toString());
    expect(said).toEqual([both(0, 400), both(70_000, 70_200), both(0, 400)].flat().filter(isVideo).map(text));
    expect(splicer.counters).toMatchObject({ pictures: 25, packets: 75, resent: 0, sourceTimeUs: 380_000 });
  });

  test('reports each track every half second, on the clock of its packets', async () => {
    await using sink = await UdpSink.create();
    await using splicer = await splicerWith();
    await splicer.connect(sink.port);
    splicer.cue(feedOf(both(0, 1600)));
    await sink.until(() => sink.reports.length === 8);
    const offsets = Object.values(ssrc).map((one) => {
      const reports = sink.reports.filter((report) => report.ssrc === one);
      expect(reports.length).toBe(4);
      for (const report of reports) {
        // A report about the moment at which it leaves; a busy machine delays it, but never brings it forward.
        const wallMs = performance.timeOrigin + report.atMs;
        expect(report.wallMs).toBeLessThan(wallMs + 2);
      }
      const [first, last] = [reports[0], reports.at(-1)];
      if (!first || !last) throw new Error('expected reports');
      expect(last.packets).toBeGreaterThan(first.packets);
      expect(last.bytes).toBeGreaterThan(first.bytes);
      expect(last.wallMs - first.wallMs).toBeGreaterThanOrEqual(1490);
      const passedMs =
        ((steps([first.timestamp, last.timestamp], 32)[0] ?? 0) / (one === ssrc.video ? 90_000 : 48_000)) *
        1000;
      expect(Math.abs(passedMs - (last.wallMs - first.wallMs))).toBeLessThan(1);
      // When the first packet was due, by the reports' clock.
      const begun = sink.track(one)[0]?.timestamp ?? 0;
      return (
        last.wallMs -
        ((steps([begun, last.timestamp], 32)[0] ?? 0) / (one === ssrc.video ? 90_000 : 48_000)) * 1000
      );
    });
    expect(Math.abs((offsets[0] ?? 0) - (offsets[1] ?? 0))).toBeLessThan(1);
  });

  test('sends a lost packet again, the same bytes, and nothing that it does not know', async () => {
    await using sink = await UdpSink.create();
    await using splicer = await splicerWith();
    await splicer.connect(sink.port);
    splicer.cue(feedOf(both(0, 200)));
    await sink.until(() => sink.rtp.length === 15);
    const lost = [sink.track(ssrc.video)[2], sink.track(ssrc.audio)[3]];
    const sequence = lost[0]?.sequence ?? 0;
    await sink.send(Buffer.from('no RTCP at all'));
    await sink.send(nack(ssrc.video, sequence + 900));
    await sink.send(nack(0x1234_5678, sequence));
    await sink.send(nack(ssrc.video, sequence));
    await sink.send(nack(ssrc.audio, lost[1]?.sequence ?? 0));
    await sink.until(() => sink.rtp.length === 17);
    expect(sink.rtp.slice(15)).toEqual(lost);
    expect(splicer.counters).toMatchObject({ resent: 2, packets: 15 });
  });

  test('sends the lowest rendition again from its key frame on for somebody who joins, and asks for one of the others', async () => {
    await using sink = await UdpSink.create();
    const layers = [0xaaaa_0001, 0xaaaa_0002];
    const wanted: number[] = [];
    await using splicer = await splicerWith({
      video: { codec: 'vp8', identities: layers.map((one) => ({ ...identity, ssrc: one })) },
      onKeyFrameWanted: (layer) => wanted.push(layer),
    });
    await splicer.connect(sink.port);
    const feed = new Feed(['video'], { layers: 2, live: true });
    splicer.cue(feed);
    const send = async (fromMs: number, toMs: number, count: number) => {
      for (const layer of [0, 1])
        push(
          feed,
          pictures(fromMs, toMs).map((frame) => ({ ...frame, layer })),
        );
      splicer.wake();
      await sink.until(() => sink.rtp.length === count);
    };
    await send(0, 160, 8);
    for (const layer of [1, 0, 0]) await sink.send(pictureLossIndication(1, layers[layer] ?? 0));
    await sink.until(() => sink.rtp.length === 12);
    await send(160, 240, 16);

    const [lowest = [], best] = layers.map((one) => sink.track(one));
    const said = lowest.map(({ payload }) => payload.subarray(4).toString());
    const first = ['video 0', 'video 40', 'video 80', 'video 120'];
    expect(said).toEqual([...first, ...first, 'video 160', 'video 200']);
    expect(best).toHaveLength(6);
    expect(
      new Set(
        steps(
          lowest.map(({ sequence }) => sequence),
          16,
        ),
      ),
    ).toEqual(new Set([1]));
    const ticks = steps(
      lowest.map(({ timestamp }) => timestamp),
      32,
    );
    expect(ticks.slice(3, 7).every((step) => step === 1 || step === 2)).toBe(true);
    expect(ticks.every((step) => step > 0)).toBe(true);
    expect(lowest.every(({ marker }) => marker)).toBe(true);
    // The second request for the lowest came too soon for another repetition.
    expect(wanted).toEqual([1, 0]);
    expect(splicer.counters).toMatchObject({ repeated: 4, pictures: 6 });
  });

  test('goes on without a hole in its numbers where frames come late', async () => {
    await using sink = await UdpSink.create();
    await using splicer = await splicerWith();
    await splicer.connect(sink.port);
    const feed = feedOf(both(0, 200), false);
    splicer.cue(feed);
    await sink.until(() => sink.rtp.length === 15 && sink.reports.length === 4);
    push(feed, both(200, 400));
    feed.end();
    splicer.wake();
    await sink.until(() => sink.rtp.length === 30);
    expect(
      new Set(
        steps(
          sink.track(ssrc.video).map(({ sequence }) => sequence),
          16,
        ),
      ),
    ).toEqual(new Set([1]));
    const [seen, heard] = [ssrc.video, ssrc.audio].map((one) =>
      steps(
        sink.track(one).map(({ timestamp }) => timestamp),
        32,
      ),
    );
    expect(Math.min(...(seen ?? []), ...(heard ?? []))).toBeGreaterThan(0);
    // The hole is the same for both: 40 ms of picture and 20 ms of sound, and the time that it was away.
    const awayMs = [(seen?.[4] ?? 0) / 90 - 40, (heard?.[9] ?? 0) / 48 - 20];
    expect(Math.abs((awayMs[0] ?? 0) - (awayMs[1] ?? 0))).toBeLessThan(0.1);
  });

  test('sends nothing of a track that it does not have', async () => {
    await using sink = await UdpSink.create();
    await using splicer = await splicerWith({ video: null });
    await splicer.connect(sink.port);
    splicer.cue(feedOf(both(0, 100)));
    await sink.until(() => sink.rtp.length === 5);
    await sink.until(() => sink.reports.length === 1);
    expect(sink.track(ssrc.video)).toEqual([]);
    expect(splicer.counters.pictures).toBe(0);
  });

  test('tells of the end only after what a listener cued has its timer', async () => {
    await using sink = await UdpSink.create();
    let rounds = 0;
    await using splicer: Splicer = await splicerWith({
      onFinished: () => {
        rounds++;
        if (rounds < 10) splicer.cue(feedOf(both(0, 40)));
      },
    });
    await splicer.connect(sink.port);
    splicer.cue(feedOf(both(0, 40)));
    await sink.until(() => sink.rtp.length === 30);
    expect(
      steps(
        sink.track(ssrc.video).map(({ sequence }) => sequence),
        16,
      ),
    ).toEqual(Array(9).fill(1));
  });

  test('outlives a receiver that is gone', async () => {
    const gone = await UdpSink.create();
    const { port } = gone;
    await gone[Symbol.asyncDispose]();
    const finished = Promise.withResolvers<Feed>();
    await using splicer = await splicerWith({ onFinished: finished.resolve });
    await splicer.connect(port);
    const feed = feedOf(both(0, 300));
    splicer.cue(feed);
    expect(await finished.promise).toBe(feed);
  });
});

describe('Splicer, once closed,', () => {
  test('is closed again without complaint, and keeps no timer', async () => {
    await using sink = await UdpSink.create();
    const splicer = await splicerWith();
    await splicer.connect(sink.port);
    splicer.cue(feedOf(both(0, 1000)));
    await sink.until(() => sink.rtp.length > 3);
    await Promise.all([splicer.close(), splicer.close()]);
    await splicer.close();
    expect(process.getActiveResourcesInfo().filter((name) => name === 'UDPSendWrap')).toEqual([]);
  });

  test('takes feeds and wakes, and does nothing with them', async () => {
    let told = 0;
    const tell = () => {
      told++;
    };
    const splicer = await splicerWith({ onFinished: tell, onBegun: tell });
    await splicer.close();
    splicer.cue(feedOf(both(0, 40)));
    splicer.cue(new Feed(['video']));
    splicer.wake();
    expect(told).toBe(0);
  });

  test('does not connect, neither after nor while it is being closed', async () => {
    await using sink = await UdpSink.create();
    const closed = await splicerWith();
    await closed.close();
    await expect(closed.connect(sink.port)).rejects.toThrow('aborted');
    const closing = await splicerWith();
    const connecting = expect(closing.connect(sink.port)).rejects.toThrow('aborted');
    await closing.close();
    await connecting;
  });
});

function isVideo({ kind }: MediaFrame): boolean {
  return kind === 'video';
}

function text({ data }: MediaFrame): string {
  return data.toString();
}
