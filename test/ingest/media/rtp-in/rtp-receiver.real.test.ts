import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { keyFrameRequests } from '../../../../src/ingest/media/rtp/key-frame-requests.ts';
import { packetizerFor } from '../../../../src/ingest/media/rtp/packetizer.ts';
import { RtpStream } from '../../../../src/ingest/media/rtp/rtp-stream.ts';
import { IncomingStream, type IncomingTrack } from '../../../../src/ingest/media/rtp-in/incoming-stream.ts';
import { RtpReceiver } from '../../../../src/ingest/media/rtp-in/rtp-receiver.ts';
import { h264, opus, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';
import { copiedFrames } from '../../media.ts';

const video = (layer: number): IncomingTrack => {
  return { kind: 'video', codec: 'h264', layer, ssrc: 10 + layer, payloadType: 101, clockRate: 90_000 };
};
const audio: IncomingTrack = {
  kind: 'audio',
  codec: 'opus',
  layer: 0,
  ssrc: 20,
  payloadType: 100,
  clockRate: 48_000,
};

/** A second of pictures with one key frame, in two sizes, and of sound. */
let small: MediaFrame[];
let large: MediaFrame[];
let sound: MediaFrame[];
beforeAll(async () => {
  const annexB = ['-flags:v', '-global_header'];
  const of = (size: string) =>
    makeMedia('layer.nut', { args: [...picture(size, 1), ...h264(60), ...annexB] });
  small = await copiedFrames(await of('160x90'));
  large = await copiedFrames(await of('320x180'));
  sound = await copiedFrames(await makeMedia('sound.nut', { args: [...tone(440, 1), ...opus, '-ac', '2'] }));
});

let worker: Socket;
let requests: number[];
beforeEach(async () => {
  requests = [];
  worker = await openSocket();
  worker.on('message', (message) => requests.push(...keyFrameRequests(message)));
});
afterEach(() => {
  vi.restoreAllMocks();
  worker.close();
});

describe('RtpReceiver', () => {
  test('does all its work on what comes where that is marked', async () => {
    const came = Promise.withResolvers<boolean>();
    let marked = false;
    await using receiver = await RtpReceiver.create({
      ...{ peerPort: worker.address().port, tracks: [audio], onFrames: () => came.resolve(marked) },
      onFailed: fails,
      slice: (work) => {
        marked = true;
        work();
        marked = false;
      },
    });
    await send(receiver, packetsOf(audio, sound));
    expect(await came.promise).toBe(true);
  });

  test('gives what comes, each track with its times', async () => {
    const frames: MediaFrame[] = [];
    await using receiver = await open([video(0), audio], frames);
    await send(receiver, [...packetsOf(video(0), large), ...packetsOf(audio, sound)]);
    await expect.poll(() => frames.length).toBe(large.length + sound.length);
    for (const [kind, source] of [
      ['video', large],
      ['audio', sound],
    ] as const) {
      const times = frames.filter((frame) => frame.kind === kind).map(({ ptsUs }) => ptsUs);
      const expected = source.map(({ ptsUs }) => ptsUs - (source[0]?.ptsUs ?? 0));
      // Ticks of 90 kHz are less than 12 µs.
      for (const [index, time] of times.entries())
        expect(Math.abs(time - (times[0] ?? 0) - (expected[index] ?? 0))).toBeLessThan(12);
    }
    expect(receiver.counters).toMatchObject({
      strange: 0,
      streams: [
        {
          kind: 'video',
          layer: 0,
          frames: large.length,
          keyFrames: 1,
          lost: 0,
          size: { width: 320, height: 180 },
        },
        { kind: 'audio', layer: 0, frames: sound.length, lost: 0, size: undefined },
      ],
    });
  });

  test('asks for a key frame of the layer that is wanted', async () => {
    await using receiver = await open([video(0), video(1), audio], []);
    receiver.requestKeyFrame(1);
    await expect.poll(() => requests).toEqual([11]);
    receiver.requestKeyFrame(0);
    receiver.requestKeyFrame(7);
    await expect.poll(() => requests).toEqual([11, 10]);
    expect(receiver.counters.keyFramesAsked).toBe(2);
  });

  test('asks for a key frame, once for a while, where a packet is lost for good', async () => {
    const frames: MediaFrame[] = [];
    await using receiver = await open([video(0)], frames);
    const packets = packetsOf(video(0), large);
    await send(receiver, packets.toSpliced(Math.floor(packets.length / 2), 1));
    await expect.poll(() => receiver.counters.streams[0]?.lost).toBe(1);
    await send(receiver, packetsOf(video(0), large, packets.length).slice(-3));
    await expect.poll(() => requests).toEqual([10]);
    expect(frames.length).toBeLessThan(large.length);
    expect(frames.filter(({ key }) => key)).toHaveLength(1);
  });

  test('turns layers round that are listed from the largest to the smallest', async () => {
    const frames: MediaFrame[] = [];
    await using receiver = await open([video(0), video(1)], frames);
    const top = new RtpStream(identity(video(0)), packetizerFor('h264'));
    const low = new RtpStream(identity(video(1)), packetizerFor('h264'));
    const given = async (count: number) => expect.poll(() => frames.length).toBe(count);
    const [key, next] = [large[0], large[1]] as [MediaFrame, MediaFrame];
    await send(receiver, packets(top, key));
    await given(1);
    await send(receiver, packets(low, small[0] as MediaFrame));
    await given(2);
    // It waits for a key frame now, since it is another layer.
    await send(receiver, packets(top, next));
    await send(receiver, packets(top, key, 1_000_000));
    await given(3);
    expect(frames.map(({ layer, key }) => [layer, key])).toEqual([
      [0, true],
      [0, true],
      [1, true],
    ]);
    receiver.requestKeyFrame(1);
    await expect.poll(() => requests.at(-1)).toBe(10);
    expect(receiver.counters.streams.map(({ layer, size }) => [layer, size?.width])).toEqual([
      [1, 320],
      [0, 160],
    ]);
  });

  test('hears nobody but the worker', async () => {
    const frames: MediaFrame[] = [];
    await using receiver = await open([video(0)], frames);
    const stranger = await openSocket();
    await send(receiver, packetsOf(video(0), small), stranger);
    stranger.close();
    await send(receiver, packetsOf(video(0), large));
    await expect.poll(() => frames.length).toBe(large.length);
    expect(receiver.counters.streams[0]?.size?.width).toBe(320);
  });

  test('counts what is of none of its tracks, and drops it', async () => {
    const frames: MediaFrame[] = [];
    await using receiver = await open([video(0)], frames);
    const other = { ...video(0), payloadType: 99 };
    const strange = [
      ...packetsOf(video(1), large),
      ...packetsOf(other, large),
      Buffer.from('hello'),
      Buffer.alloc(0),
    ];
    await send(receiver, strange);
    await expect.poll(() => receiver.counters.strange).toBe(strange.length);
    expect(frames).toEqual([]);
  });

  test('drops a picture that would be cut into thousands of units, and goes on with the next key frame', async () => {
    const frames: MediaFrame[] = [];
    await using receiver = await open([video(0)], frames);
    const shredded = shreddedPicture(video(0));
    await send(receiver, [...shredded, ...packetsOf(video(0), large, shredded.length)]);
    await expect.poll(() => frames.length).toBe(large.length);
    expect(receiver.counters.streams[0]).toMatchObject({ frames: large.length, dropped: 1, lost: 0 });
  });

  test.each([
    { what: 'what comes', by: 'push', sent: [0] },
    { what: 'what was waited for', by: 'expire', sent: [0, 2] },
  ] as const)('tells that $what cannot be read, and throws nothing', async ({ by, sent }) => {
    const clock = new VirtualClock();
    const failed: unknown[] = [];
    const fault = new Error('a fault of whoever reads it');
    await using receiver = await RtpReceiver.create({
      ...{ peerPort: worker.address().port, tracks: [audio], clock, onFrames: () => {} },
      onFailed: (error) => failed.push(error),
    });
    const packets = packetsOf(audio, sound);
    vi.spyOn(IncomingStream.prototype, by).mockImplementationOnce(() => {
      throw fault;
    });
    await send(
      receiver,
      sent.map((index) => packets[index] as Buffer),
    );
    await expect.poll(() => receiver.counters.packets).toBe(sent.length);
    await clock.pass(60);
    expect(failed).toEqual([fault]);
  });

  test('close() is idempotent, and ends requests', async () => {
    const receiver = await open([video(0)], []);
    await Promise.all([receiver.close(), receiver.close()]);
    receiver.requestKeyFrame(0);
    expect(receiver.counters.keyFramesAsked).toBe(0);
  });
});

/** Nothing that is sent here may, unless a test says so. */
function fails(error: unknown): never {
  throw error;
}

function open(tracks: readonly IncomingTrack[], frames: MediaFrame[]): Promise<RtpReceiver> {
  return RtpReceiver.create({
    peerPort: worker.address().port,
    tracks,
    onFrames: (some) => frames.push(...some),
    onFailed: fails,
  });
}

function identity({ ssrc, payloadType, clockRate }: IncomingTrack) {
  return { ssrc, payloadType, clockRate, extensionId: 1 };
}

/** The packets of frames; sequence numbers begin at `from`. */
function packetsOf(track: IncomingTrack, frames: readonly MediaFrame[], from = 0): Buffer[] {
  const stream = new RtpStream(identity(track), packetizerFor(track.codec));
  const all = frames.flatMap((frame) => packets(stream, frame));
  for (const [index, packet] of all.entries()) packet.writeUInt16BE(from + index, 2);
  return all;
}

/** A key frame, one unit of which has 4,200 start codes in it; sequence numbers begin at 0. */
function shreddedPicture({ ssrc, payloadType }: IncomingTrack): Buffer[] {
  const unit = Buffer.concat(Array.from({ length: 4200 }, () => Buffer.from([0, 0, 1])));
  const parts = Array.from({ length: Math.ceil(unit.length / 1000) }, (_, index) =>
    unit.subarray(index * 1000, (index + 1) * 1000),
  );
  const fragments = parts.map((part, index) => {
    const place = (index === 0 ? 0x80 : 0) | (index === parts.length - 1 ? 0x40 : 0);
    return Buffer.concat([Buffer.from([0x7c, place | 5]), part]);
  });
  const payloads = [Buffer.from([0x67, 66, 0, 30, 0x80]), Buffer.from([0x68, 0x80]), ...fragments];
  return payloads.map((payload, index) => {
    const head = Buffer.alloc(12);
    head[0] = 0x80;
    head[1] = payloadType | (index === payloads.length - 1 ? 0x80 : 0);
    head.writeUInt16BE(index, 2);
    head.writeUInt32BE(ssrc, 8);
    return Buffer.concat([head, payload]);
  });
}

function packets(stream: RtpStream, { data, key, ptsUs, kind }: MediaFrame, laterUs = 0): Buffer[] {
  const how = { key, timeUs: ptsUs + laterUs, marker: kind === 'video' };
  // Their memory is used again once they count as sent.
  return stream.packets(data, how).map((packet) => Buffer.from(packet));
}

async function send(receiver: RtpReceiver, datagrams: readonly Buffer[], from = worker): Promise<void> {
  for (const datagram of datagrams) {
    await new Promise((sent) => from.send(datagram, receiver.port, '127.0.0.1', sent));
  }
}

async function openSocket(): Promise<Socket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}
