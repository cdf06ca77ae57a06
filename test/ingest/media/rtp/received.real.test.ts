import { createSocket } from 'node:dgram';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { splitObus } from '../../../../src/ingest/media/av1/packetize-av1.ts';
import { splitAnnexB } from '../../../../src/ingest/media/h264/packetize-h264.ts';
import { packetizerFor } from '../../../../src/ingest/media/rtp/packetizer.ts';
import { RtpStream } from '../../../../src/ingest/media/rtp/rtp-stream.ts';
import { freeUdpPort } from '../../../helpers/free-ports.ts';
import { h264, opus, picture, tone } from '../../../helpers/media/recipes.ts';
import { makeMedia } from '../../../helpers/media/sample-files.ts';
import { copiedFrames } from '../../media.ts';
import { nalUnits, obus, parseRtp, pictures } from './depacketize.ts';

const realtime = ['-deadline', 'realtime', '-cpu-used', '8', '-g', '12', '-b:v', '700k'];
const moving = picture('320x180', 1);
const av1Args = [...moving, '-c:v', 'libsvtav1', '-preset', '12', '-g', '12', '-b:v', '700k'];

const streams = [
  {
    name: 'H264',
    codec: 'h264' as const,
    clockRate: 90_000,
    args: [...moving, ...h264(12), '-flags:v', '-global_header'],
  },
  {
    name: 'H264 in slices',
    codec: 'h264' as const,
    clockRate: 90_000,
    args: [...moving, ...h264(12), '-tune', 'zerolatency', '-threads', '4', '-flags:v', '-global_header'],
  },
  { name: 'VP8', codec: 'vp8' as const, clockRate: 90_000, args: [...moving, '-c:v', 'libvpx', ...realtime] },
  {
    name: 'VP9',
    codec: 'vp9' as const,
    clockRate: 90_000,
    args: [...moving, '-c:v', 'libvpx-vp9', ...realtime],
  },
  { name: 'opus', codec: 'opus' as const, clockRate: 48_000, args: [...tone(440, 1), ...opus, '-ac', '2'] },
];

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mirolive-rtp-'));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('ffmpeg receives by RTP, and decodes as from the file,', () => {
  test.each(streams)('$name', async ({ name, codec, clockRate, args }) => {
    const path = await makeMedia('sent.nut', { args });
    const stream = new RtpStream(
      { ssrc: 7, payloadType: 101, clockRate, extensionId: 1 },
      packetizerFor(codec),
    );
    const packets = (await copiedFrames(path)).flatMap(({ data, key, ptsUs }) =>
      stream.packets(data, { key, timeUs: ptsUs, marker: codec !== 'opus' }),
    );
    // The container has ffmpeg cut the first sound by the encoder's delay; RTP does not.
    const skipped = codec === 'opus' ? 1 : 0;
    const received = await decodedFromRtp(name.split(' ')[0] ?? '', clockRate, packets);
    expect(received.slice(skipped)).toEqual((await decoded([path])).slice(skipped));
  });
});

describe('what comes out of the packets is what ffmpeg put into the file', () => {
  test.each(streams.slice(0, 2))('$name', async ({ args }) => {
    const path = await makeMedia('sent.nut', { args });
    const elementary = join(folder, 'elementary.264');
    await execa('ffmpeg', ['-v', 'error', '-y', '-i', path, '-c', 'copy', elementary]);
    const expected = splitAnnexB(await readFile(elementary));
    expect((await sentPayloads(path, 'h264')).flatMap(nalUnits)).toEqual(expected);
  });

  test('H264 from MP4, whose parameter sets stand in its head', async () => {
    const path = await makeMedia('sent.mp4', { args: [...moving, ...h264(12)] });
    const elementary = join(folder, 'elementary.264');
    const filter = ['-bsf:v', 'h264_mp4toannexb'];
    await execa('ffmpeg', ['-v', 'error', '-y', '-i', path, '-c', 'copy', ...filter, elementary]);
    const units = splitAnnexB(await readFile(elementary));
    expect(units.filter((unit) => (unit.readUInt8(0) & 0x1f) === 7).length).toBeGreaterThanOrEqual(3);
    const nut = join(folder, 'annexb.nut');
    await execa('ffmpeg', ['-v', 'error', '-y', '-i', path, '-c', 'copy', ...filter, nut]);
    expect((await sentPayloads(nut, 'h264')).flatMap(nalUnits)).toEqual(units);
  });

  test('AV1', async () => {
    const path = await makeMedia('sent.nut', { args: av1Args });
    const frames = await copiedFrames(path);
    const expected = frames.map(({ data }) => splitObus(data).filter((unit) => unit.readUInt8(0) >> 3 !== 2));
    expect(expected.some((units) => units.some((unit) => unit.length > 2400))).toBe(true);
    expect((await sentPayloads(path, 'av1')).map(obus)).toEqual(expected);
  });
});

/** The payloads of each picture of a file. */
async function sentPayloads(path: string, codec: 'h264' | 'av1'): Promise<Buffer[][]> {
  const identity = { ssrc: 7, payloadType: 101, clockRate: 90_000, extensionId: 1 };
  const stream = new RtpStream(identity, packetizerFor(codec));
  const packets = (await copiedFrames(path)).flatMap(({ data, key, ptsUs }) =>
    stream.packets(data, { key, timeUs: ptsUs, marker: true }),
  );
  return pictures(packets.map(parseRtp)).map((one) => one.map(({ payload }) => payload));
}

/** Checksums of what ffmpeg decodes; fails at the first complaint. */
async function decoded(input: readonly string[]): Promise<string[]> {
  const { stdout, stderr } = await execa('ffmpeg', [
    ...['-hide_banner', '-nostdin', '-nostats', '-loglevel', 'error', '-xerror'],
    ...(input.length === 1 ? ['-i', ...input] : input),
    ...['-vsync', 'passthrough', '-f', 'framehash', '-hash', 'crc32', '-'],
  ]);
  expect(stderr).toBe('');
  const lines = stdout.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return lines.map((line) => line.split(',').slice(-2).join());
}

async function decodedFromRtp(
  name: string,
  clockRate: number,
  packets: readonly Buffer[],
): Promise<string[]> {
  const port = await freeUdpPort();
  const sdp = join(folder, `${name}.sdp`);
  const format = name === 'opus' ? `${name}/${clockRate}/2` : `${name}/${clockRate}`;
  await writeFile(
    sdp,
    [
      ...['v=0', 'o=- 0 0 IN IP4 127.0.0.1', 's=-', 'c=IN IP4 127.0.0.1', 't=0 0'],
      ...[`m=${name === 'opus' ? 'audio' : 'video'} ${port} RTP/AVP 101`, `a=rtpmap:101 ${format}`, ''],
    ].join('\r\n'),
  );
  const hashes = decoded(['-protocol_whitelist', 'file,udp,rtp', '-reorder_queue_size', '0', '-i', sdp]);
  const socket = createSocket('udp4');
  try {
    await Promise.race([bound(port), hashes]);
    const send = async (data: Buffer) => {
      await new Promise((sent) => socket.send(data, port, '127.0.0.1', sent));
      // What does not fit into its queue would be lost.
      while (((await queuedBytes(port)) ?? 0) > mostQueuedBytes) await pause(1);
    };
    for (const packet of packets) await send(packet);
    // A goodbye behind an empty report (RFC 3550, 6.6) ends the stream.
    await send(Buffer.from([0x80, 201, 0, 1, 0, 0, 0, 7, 0x81, 203, 0, 1, 0, 0, 0, 7]));
    return await hashes;
  } finally {
    socket.close();
  }
}

/** Less than any queue of the kernel's holds, with all that it counts for a packet. */
const mostQueuedBytes = 32_000;

/** Resolves when somebody listens on a UDP port. */
async function bound(port: number): Promise<void> {
  while ((await queuedBytes(port)) === undefined) await pause(10);
}

/** What waits to be read at a UDP port, which the kernel tells; undefined: nobody listens there. */
async function queuedBytes(port: number): Promise<number | undefined> {
  const place = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  const lines = (await readFile('/proc/net/udp', 'utf8')).split('\n').map((line) => line.trim().split(/\s+/));
  const queues = lines.find(([, local]) => local?.endsWith(place))?.[4];
  return queues === undefined ? undefined : Number.parseInt(queues.split(':')[1] ?? '', 16);
}
