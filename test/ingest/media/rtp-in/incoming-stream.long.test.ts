import { beforeAll, describe, expect, test } from 'vitest';
import { splitObus } from '../../../../src/ingest/media/av1/packetize-av1.ts';
import { splitAnnexB } from '../../../../src/ingest/media/h264/packetize-h264.ts';
import type { MediaFrame } from '../../../../src/ingest/media/media-frame.ts';
import { packetizerFor } from '../../../../src/ingest/media/rtp/packetizer.ts';
import { RtpStream } from '../../../../src/ingest/media/rtp/rtp-stream.ts';
import type { AssembledFrame } from '../../../../src/ingest/media/rtp-in/frame-assembler.ts';
import { IncomingStream, type IncomingTrack } from '../../../../src/ingest/media/rtp-in/incoming-stream.ts';
import type { RtpPacket } from '../../../../src/ingest/media/rtp-in/rtp-packet.ts';
import { h264, opus, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { pseudoRandom } from '../../../helpers/pseudo-random.ts';
import { copiedFrames } from '../../media.ts';
import { parseRtp } from '../rtp/depacketize.ts';

const size = { width: 320, height: 180 };
const moving = picture(`${size.width}x${size.height}`, 2);
const realtime = ['-deadline', 'realtime', '-cpu-used', '8', '-g', '12', '-b:v', '700k'];

const streams = [
  {
    codec: 'h264',
    args: [...moving, ...h264(12), '-tune', 'zerolatency', '-threads', '4', '-flags:v', '-global_header'],
    parts: splitAnnexB,
  },
  { codec: 'vp8', args: [...moving, '-c:v', 'libvpx', ...realtime], parts: (data: Buffer) => [data] },
  { codec: 'vp9', args: [...moving, '-c:v', 'libvpx-vp9', ...realtime], parts: (data: Buffer) => [data] },
  {
    codec: 'av1',
    args: [...moving, '-c:v', 'libsvtav1', '-preset', '12', '-g', '12', '-b:v', '700k'],
    parts: (data: Buffer) => splitObus(data).filter((unit) => unit.readUInt8(0) >> 3 !== 2),
  },
  { codec: 'opus', args: [...tone(440, 2), ...opus, '-ac', '2'], parts: (data: Buffer) => [data] },
] as const;

interface SentPacket {
  readonly packet: RtpPacket;
  readonly atMs: number;
}

describe.each(streams)('$codec of ffmpeg', ({ codec, args, parts }) => {
  const track: IncomingTrack = {
    ...(codec === 'opus'
      ? { kind: 'audio', codec, clockRate: 48_000 }
      : { kind: 'video', codec, clockRate: 90_000 }),
    layer: 0,
    ssrc: 7,
    payloadType: 101,
  };
  const isVideo = track.kind === 'video';
  let frames: MediaFrame[];
  let sent: SentPacket[];
  /** The source's frames by their RTP time stamps. */
  let byTimestamp: Map<number, MediaFrame>;

  beforeAll(async () => {
    frames = await copiedFrames(await makeMedia('sent.nut', { args }));
    const identity = { ssrc: 7, payloadType: 101, clockRate: track.clockRate, extensionId: 1 };
    const stream = new RtpStream(identity, packetizerFor(codec));
    byTimestamp = new Map(frames.map((frame) => [stream.timestamp(frame.ptsUs), frame]));
    sent = frames.flatMap(({ data, key, ptsUs }) =>
      stream
        .packets(data, { key, timeUs: ptsUs, marker: isVideo })
        .map((datagram) => ({ packet: parseRtp(Buffer.from(datagram)), atMs: ptsUs / 1000 })),
    );
    expect(sent.length).toBeGreaterThan(isVideo ? frames.length : frames.length - 1);
  });

  test('comes out as it went in, and in its size', () => {
    const stream = new IncomingStream(track);
    const received = receive(stream, sent);
    expect(received.map(({ data }) => parts(data))).toEqual(frames.map(({ data }) => parts(data)));
    expect(received.map(({ key }) => key)).toEqual(frames.map(({ key }) => key));
    expect(stream.counters).toEqual({
      frames: frames.length,
      keyFrames: frames.filter(({ key }) => key).length,
      dropped: 0,
      lost: 0,
      late: 0,
    });
    expect(stream.size).toEqual(isVideo ? size : undefined);
  });

  test('comes out as it went in where packets come twice and in another order', () => {
    const random = pseudoRandom(5);
    const shuffled = sent
      .flatMap((packet) => (random(10) === 0 ? [packet, packet] : [packet]))
      // What comes before the first packet is not known to be missing.
      .map((packet, index) => ({ ...packet, atMs: packet.atMs + (index === 0 ? 0 : 1 + random(50)) }))
      .sort((a, b) => a.atMs - b.atMs);
    expect(receive(new IncomingStream(track), shuffled).map(({ data }) => parts(data))).toEqual(
      frames.map(({ data }) => parts(data)),
    );
  });

  test('has no broken frame in it, and none that refers to a lost one, whatever is lost', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const random = pseudoRandom(seed);
      const come = sent
        .filter(() => random(40) > 0)
        .map(({ packet, atMs }) => ({ packet, atMs: atMs + random(50) }))
        .sort((a, b) => a.atMs - b.atMs);
      const received = receive(new IncomingStream(track), come);
      expect(received.length).toBeGreaterThan(frames.length / 20);
      let expected = -1;
      for (const { data, timestamp, key } of received) {
        const frame = byTimestamp.get(timestamp) as MediaFrame;
        const index = frames.indexOf(frame);
        expect(parts(data)).toEqual(parts(frame.data));
        expect(key).toBe(frame.key);
        expect(index).toBeGreaterThanOrEqual(expected);
        if (!key) expect(index).toBe(expected);
        expected = index + 1;
      }
    }
  });

  test('gives no frame that makes no sense, whatever happens to its bytes', () => {
    const random = pseudoRandom(9);
    for (let round = 0; round < 20; round++) {
      const stream = new IncomingStream(track);
      const come = sent.map(({ packet, atMs }) => {
        const payload = Buffer.from(
          packet.payload.subarray(0, random(4) === 0 ? random(packet.payload.length) : undefined),
        );
        for (let change = random(3); change > 0 && payload.length > 0; change--) {
          payload.writeUInt8(random(256), random(payload.length));
        }
        return { packet: { ...packet, payload }, atMs };
      });
      for (const { data } of receive(stream, come)) expect(data.length).toBeGreaterThan(0);
    }
  });
});

/** What comes out of a stream that is given packets at their times. */
function receive(stream: IncomingStream, packets: readonly SentPacket[]): AssembledFrame[] {
  const frames = packets.flatMap(({ packet, atMs }) => [
    ...stream.expire(atMs),
    ...stream.push(packet, atMs),
  ]);
  return [...frames, ...stream.expire(Number.POSITIVE_INFINITY)];
}
