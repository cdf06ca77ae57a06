import { describe, expect, test } from 'vitest';
import { lagBetween } from '../../bench/trace/alignment.ts';
import { evenness } from '../../bench/trace/evenness.ts';
import { type Packet, packetsOf } from '../../bench/trace/pcap.ts';
import { pipeCalls } from '../../bench/trace/pipe-calls.ts';
import { delays } from '../../bench/trace/report.ts';
import { rtmpMessages } from '../../bench/trace/rtmp-messages.ts';
import { rtpStreams } from '../../bench/trace/rtp-streams.ts';
import { stagesOf } from '../../bench/trace/stages.ts';
import { tcpFlows } from '../../bench/trace/tcp-flows.ts';

const [tcp, udp] = [6, 17];
const u16 = (value: number) => [(value >> 8) & 0xff, value & 0xff];
const u24 = (value: number) => [(value >> 16) & 0xff, ...u16(value)];
const u32 = (value: number) => [value >>> 24, ...u24(value)];

/** As tcpdump writes a packet of which it keeps so many bytes. */
function captured(atMs: number, frame: Buffer, kept = frame.length): Buffer {
  const head = Buffer.alloc(16);
  head.writeUInt32LE(Math.floor(atMs / 1000), 0);
  head.writeUInt32LE((atMs % 1000) * 1000, 4);
  head.writeUInt32LE(kept, 8);
  head.writeUInt32LE(frame.length, 12);
  return Buffer.concat([head, frame.subarray(0, kept)]);
}

function ethernet(protocol: number, inner: readonly number[]): Buffer {
  const internet = [0x45, 0, ...u16(20 + inner.length), 0, 0, 0, 0, 64, protocol, 0, 0];
  const addresses = [127, 0, 0, 1, 127, 0, 0, 1];
  return Buffer.from([...Array(12).fill(0), 8, 0, ...internet, ...addresses, ...inner]);
}

const capture = (...packets: Buffer[]) => {
  const head = Buffer.alloc(24);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  return Buffer.concat([head, ...packets]);
};

describe('packetsOf', () => {
  test('reads UDP, of which only the beginning was kept', () => {
    const frame = ethernet(udp, [...u16(5000), ...u16(6000), ...u16(8 + 100), 0, 0, ...Array(100).fill(7)]);
    const [packet, ...rest] = packetsOf(capture(captured(1_700_000_000_123.5, frame, 64)));
    expect(packet).toMatchObject({ atMs: 1_700_000_000_123.5, protocol: 'udp', from: 5000, to: 6000 });
    expect(packet?.data).toEqual(Buffer.alloc(22, 7));
    expect(packet?.bytes).toBe(100);
    expect(rest).toEqual([]);
  });

  test('reads TCP with options, and leaves out the padding of Ethernet', () => {
    const head = [...u16(5000), ...u16(1935), ...u32(77), ...u32(0), 6 << 4, 0x12, 0, 0, 0, 0, 0, 0];
    const frame = Buffer.concat([ethernet(tcp, [...head, 1, 1, 1, 1, 9, 8]), Buffer.alloc(4)]);
    const [packet] = packetsOf(capture(captured(5, frame)));
    expect(packet).toMatchObject({ protocol: 'tcp', from: 5000, to: 1935, sequence: 77, opens: true });
    expect([...(packet?.data ?? [])]).toEqual([9, 8]);
  });

  test('leaves out what the end of the capture cut off, and what is something else', () => {
    const other = Buffer.alloc(60);
    const frame = ethernet(udp, [...u16(1), ...u16(2), ...u16(8), 0, 0]);
    const file = capture(captured(1, other), captured(2, frame), captured(3, frame));
    expect(packetsOf(file.subarray(0, -1)).map(({ atMs }) => atMs)).toEqual([2]);
    expect(() => packetsOf(Buffer.from('no capture at all, but some text'))).toThrow('expected a capture');
  });
});

const segment = (atMs: number, sequence: number, data: Buffer, opens = false): Packet => ({
  ...{ atMs, protocol: 'tcp', from: 5000, to: 1935, sequence, opens, data, bytes: data.length },
});

describe('tcpFlows', () => {
  test('joins what follows an opening, once where it was sent again, across the wrap of its numbers', () => {
    const [none, part, rest] = [Buffer.alloc(0), Buffer.from('abcd'), Buffer.from('cdef')];
    const start = 2 ** 32 - 3;
    const packets = [
      segment(0, start, part),
      segment(1, start, none, true),
      segment(2, start + 1, part),
      segment(3, start + 1, part),
      segment(4, 0, rest),
    ];
    const [flow, ...others] = tcpFlows(packets);
    expect(flow?.data.toString()).toBe('abcdef');
    expect(flow?.arrivals).toEqual([
      { upTo: 4, atMs: 2 },
      { upTo: 6, atMs: 4 },
    ]);
    expect(others).toEqual([]);
  });

  test('a connection that was open before is none, and one that is opened anew is another', () => {
    const again = segment(5, 900, Buffer.alloc(0), true);
    expect(tcpFlows([segment(0, 1, Buffer.from('x'))])).toEqual([]);
    expect(tcpFlows([again, segment(6, 901, Buffer.from('x')), again])).toHaveLength(2);
  });
});

describe('rtmpMessages', () => {
  const handshake = [3, ...Array(3072).fill(0)];
  const whole = (stream: number, timeMs: number, type: number, length: number) => [
    ...[stream, ...u24(timeMs), ...u24(length), type, 1, 0, 0, 0],
  ];
  const read = (bytes: readonly number[]) => {
    const data = Buffer.from([...handshake, ...bytes]);
    const arrivals = Array.from({ length: data.length }, (_, index) => ({ upTo: index + 1, atMs: index }));
    return rtmpMessages({ from: 1, to: 2, data, arrivals });
  };
  const picture = (bytes: number) => [0x17, 1, ...Array(bytes - 2).fill(0xff)];

  test('reads pictures and sound that are cut into chunks of each other, and times that count on', () => {
    const messages = read([
      ...[...whole(6, 1000, 9, 200), ...picture(200).slice(0, 128)],
      ...[...whole(4, 1005, 8, 4), 0xaf, 1, 2, 3],
      ...[0xc0 | 6, ...picture(200).slice(128)],
      ...[0x80 | 6, ...u24(33), ...picture(200).slice(0, 128), 0xc0 | 6, ...picture(200).slice(128)],
      // The same once more: its head says neither a length nor a time.
      ...[0xc0 | 6, ...picture(200).slice(0, 128), 0xc0 | 6, ...picture(200).slice(128)],
    ]);
    expect(messages.map(({ kind, timeMs, bytes }) => [kind, timeMs, bytes])).toEqual([
      ['audio', 1005, 4],
      ['video', 1000, 200],
      ['video', 1033, 200],
      ['video', 1066, 200],
    ]);
    expect(messages[1]?.atMs).toBe(handshake.length + 12 + 128 + 16 + 1 + 72 - 1);
  });

  test('takes another size of chunks, long times, and leaves out the parameters of a codec', () => {
    const messages = read([
      ...[...whole(2, 0, 1, 4), ...u32(4096)],
      ...[...whole(6, 0, 9, 5), 0x17, 0, 0, 0, 0],
      ...[6, ...u24(0xffffff), ...u24(300), 9, 1, 0, 0, 0, ...u32(20_000_000), ...picture(300)],
    ]);
    expect(messages).toMatchObject([{ kind: 'video', timeMs: 20_000_000, bytes: 300 }]);
  });

  test('is empty for what is something else, and ends where the capture does', () => {
    expect(rtmpMessages({ from: 1, to: 2, data: Buffer.from('GET / HTTP/1.1'), arrivals: [] })).toEqual([]);
    expect(read([...whole(6, 0, 9, 100), ...picture(99)])).toEqual([]);
    expect(read([6, 0, 0])).toEqual([]);
  });
});

const rtp = (atMs: number, timestamp: number, bytes: number, from = 1, to = 2, ssrc = 9): Packet => ({
  ...{ atMs, protocol: 'udp', from, to, sequence: 0, opens: false, bytes: 12 + bytes },
  data: Buffer.from([0x80, 0x80 | 102, 0, 0, ...u32(timestamp), ...u32(ssrc)]),
});

describe('rtpStreams', () => {
  test('joins the packets of one picture, and keeps streams apart', () => {
    const report: Packet = { ...rtp(9, 0, 0), data: Buffer.from([0x80, 200, ...Array(26).fill(0)]) };
    const streams = rtpStreams([rtp(1, 90, 5), rtp(2, 90, 6), rtp(3, 180, 7), rtp(4, 90, 1, 1, 3), report]);
    expect(streams).toEqual([
      {
        from: 1,
        to: 2,
        units: [
          { timestamp: 90, firstAtMs: 1, lastAtMs: 2, bytes: 11 },
          { timestamp: 180, firstAtMs: 3, lastAtMs: 3, bytes: 7 },
        ],
      },
      { from: 1, to: 3, units: [{ timestamp: 90, firstAtMs: 4, lastAtMs: 4, bytes: 1 }] },
    ]);
  });
});

describe('evenness', () => {
  const each = (late: (index: number) => number) =>
    Array.from({ length: 400 }, (_, index) => ({ mediaMs: index * 20, atMs: index * 20 + late(index) }));

  test('what comes as it was made has no jitter', () => {
    expect(evenness(each(() => 35))).toEqual({ gapsMs: [20, 20, 20], jitterMs: 0 });
  });

  test('every second one 10 ms late is a jitter of 10 ms', () => {
    const found = evenness(each((index) => (index % 2) * 10));
    expect(found?.gapsMs).toEqual([10, 30, 30]);
    expect(found?.jitterMs).toBeGreaterThan(9.5);
    expect(found?.jitterMs).toBeLessThanOrEqual(10);
  });

  test('says nothing of few', () => {
    expect(evenness(each(() => 0).slice(0, 100))).toBeNull();
  });
});

test('what ffmpeg wrote is joined to the reads of its parent', () => {
  const write = (at: string, fd: number, count: string, pid = 12) =>
    `   ${pid}  ${at}: syscalls:sys_enter_write: fd: 0x0000000${fd}, buf: 0x56289e6930c0, count: 0x0000${count}`;
  const script = [
    ...['   11  77.050000000:   syscalls:sys_exit_read: 0x1c04', write('77.100000000', 1, '1c04')],
    ...[
      '   11  77.100500000:   syscalls:sys_exit_read: 0x8',
      '   11  77.101000000:   syscalls:sys_exit_read: 0x1c04',
    ],
    ...[write('77.150000000', 2, '1c04'), write('77.150000000', 1, '1c04', 99)],
    ...[write('77.200000000', 1, '8000'), write('77.200100000', 1, '0010')],
    '   11  77.201000000:   syscalls:sys_exit_read: 0xfffffffffffffff5',
  ].join('\n');
  const calls = pipeCalls(script, new Map([[12, 11]]), 1000);
  const rounded = calls.map(({ bytes, writtenMs, readMs }) =>
    [bytes, writtenMs, readMs].map((n) => Number(n.toFixed(3))),
  );
  expect(rounded).toEqual([
    [0x1c04, 78_100, 78_101],
    [0x8010, 78_200.1, Number.NaN],
  ]);
});

/** Sizes as of pictures: no two parts of it are alike. */
const sizes = Array.from({ length: 300 }, (_, index) => 5000 + ((index ** 2 * 7919) % 4001));

describe('lagBetween', () => {
  test('finds by how many pictures one begins later, though each is a little larger there', () => {
    expect(
      lagBetween(
        sizes.slice(40),
        sizes.map((size) => size + 30),
      ),
    ).toBe(40);
    expect(lagBetween(sizes, sizes.slice(25))).toBe(-25);
  });

  test('is null for too few', () => {
    expect(lagBetween(sizes, sizes.slice(0, 20))).toBeNull();
  });
});

test('a picture is found again in RTMP by its size, in RTP by its time stamp, and its steps are told', () => {
  const chunk = (index: number) => {
    const size = sizes[index] ?? 0;
    const head =
      index === 0 ? [6, ...u24(0), ...u24(size), 9, 1, 0, 0, 0] : [0x46, ...u24(33), ...u24(size), 9];
    return Buffer.from([...head, 0x27, 1, ...Array(size - 2).fill(1)]);
  };
  const bytes = [
    Buffer.from([3, ...Array(3072).fill(0), 2, 0, 0, 0, 0, 0, 4, 1, 0, 0, 0, 0, ...u32(65_536)]),
  ];
  const packets: Packet[] = [segment(0, 0, Buffer.alloc(0), true), segment(1, 1, bytes[0] as Buffer)];
  let at = 1 + (bytes[0]?.length ?? 0);
  for (let index = 0; index < sizes.length; index++) {
    const [madeMs, data] = [1000 + index * 33, chunk(index)];
    packets.push(segment(madeMs + 10, at, data));
    at += data.length;
    packets.push(rtp(madeMs + 15, index * 2970, (sizes[index] ?? 0) - 10, 7, 8));
    packets.push(rtp(madeMs + 16, index * 2970, (sizes[index] ?? 0) + 20, 8, 9));
  }
  const shown = Array.from({ length: 100 }, (_, index) => index + 100).map((index) => ({
    madeMs: 1000 + index * 33,
    atMs: 1000 + index * 33 + 50,
    received: { atMs: 1000 + index * 33 + 17, rtpTimestamp: index * 2970 },
  }));
  const decoded = shown.map(({ received, madeMs }) => ({ ...received, atMs: madeMs + 40 }));
  const pipe = sizes.map((size, index) => {
    const writtenMs = 1000 + index * 33 + 12;
    return { bytes: size + 20, writtenMs, readMs: writtenMs + 1 };
  });
  const stages = stagesOf({ packets, shown, decoded, pipe, publishPort: 1935, viewerPort: 9 });
  expect(
    delays(stages).map(({ name, pictures, sinceMade, step }) => [name, pictures, sinceMade?.[0], step?.[0]]),
  ).toEqual([
    ['made', 100, 0, undefined],
    ['received: RTMP, last byte', 100, 10, 10],
    ['written by ffmpeg', 100, 12, 2],
    ['read by the ingest process', 100, 13, 1],
    ['sent to port 8, first packet', 100, 15, 2],
    ['sent to port 8, last packet', 100, 15, 0],
    ['forwarded to the viewer, first packet', 100, 16, 1],
    ['forwarded to the viewer, last packet', 100, 16, 0],
    ['received by the browser', 100, 17, 1],
    ['decoded', 100, 40, 23],
    ['shown', 100, 50, 10],
  ]);
  expect(stages.find(({ name }) => name.startsWith('sent'))?.video?.jitterMs).toBe(0);
});
