import { describe, expect, test } from 'vitest';
import { PacketMemory } from '../../../../src/ingest/media/rtp/packet-memory.ts';
import { packetizerFor } from '../../../../src/ingest/media/rtp/packetizer.ts';
import { RtpStream } from '../../../../src/ingest/media/rtp/rtp-stream.ts';

const identity = { ssrc: 1, payloadType: 100, clockRate: 90_000, extensionId: 1 };
const mebibyte = 1024 * 1024;

/** Bytes of all memory that these are views of. */
function heldBy(views: readonly Buffer[]): number {
  return [...new Set(views.map(({ buffer }) => buffer))].reduce((sum, { byteLength }) => sum + byteLength, 0);
}

/** A picture of one slice, of which every byte says which one it is. */
function picture(number: number, bytes: number): Buffer {
  const data = Buffer.alloc(bytes, (number % 255) + 1);
  data.set([0, 0, 0, 1, 0x41], 0);
  return data;
}

function isOf(packet: Buffer, number: number): boolean {
  // Behind the head of the packet, and that of a part of a slice.
  return packet.subarray(14).every((byte) => byte === (number % 255) + 1);
}

describe('PacketMemory', () => {
  test.each([
    { name: 'as large as most', bytes: 1200, kept: 1024, most: 1.4 * mebibyte },
    { name: 'of sound', bytes: 180, kept: 128, most: 0.2 * mebibyte },
    {
      name: 'of any size',
      bytes: (number: number) => 20 + ((number * 7919) % 1181),
      kept: 1024,
      most: mebibyte,
    },
  ])('keeps packets $name whole, in memory that does not grow', ({ bytes, kept, most }) => {
    const memory = new PacketMemory();
    const sent: Buffer[] = [];
    const pieces = new Set<ArrayBufferLike>();
    for (let number = 0; number < 20_000; number++) {
      const length = typeof bytes === 'number' ? bytes : bytes(number);
      const packet = memory.take(length, number, number - kept).fill(number % 251);
      pieces.add(packet.buffer);
      sent.push(packet);
      const oldest = sent[number - kept];
      if (oldest && !oldest.every((byte) => byte === (number - kept) % 251))
        expect.fail(`packet ${number - kept} was written over`);
    }
    expect([...pieces].reduce((sum, { byteLength }) => sum + byteLength, 0)).toBeLessThan(most);
  });

  test('gives back what a burst took', () => {
    const memory = new PacketMemory();
    for (let number = 0; number < 10_000; number++) memory.take(1200, number, -1);
    const after = Array.from({ length: 3000 }, (_, index) => memory.take(1200, 10_000 + index, 9000 + index));
    expect(heldBy(after)).toBeLessThan(2 * mebibyte);
  });
});

describe('RtpStream', () => {
  test('keeps every packet that has not left, however many come at once', () => {
    const stream = new RtpStream(identity, packetizerFor('h264'), { kept: 64 });
    const waiting: { packet: Buffer; number: number }[] = [];
    for (let number = 0; number < 300; number++) {
      const how = { key: false, timeUs: number, marker: true, unsent: waiting.length };
      // Each tenth is more than is kept, and what is sent lags behind by far more.
      for (const packet of stream.packets(picture(number, number % 10 ? 9000 : 200_000), how))
        waiting.push({ packet, number });
      for (const { packet, number: its } of waiting.splice(0, 20))
        if (!isOf(packet, its)) expect.fail(`a packet of picture ${its} was written over`);
    }
    expect(waiting.length).toBeGreaterThan(1000);
    for (const { packet, number } of waiting)
      if (!isOf(packet, number)) expect.fail(`a packet of picture ${number} was written over`);
  });

  test('sends again what was sent, of all that is kept', () => {
    const stream = new RtpStream(identity, packetizerFor('h264'), { kept: 256 });
    const sent: { sequence: number; copy: Buffer }[] = [];
    for (let number = 0; number < 2000; number++)
      for (const packet of stream.packets(picture(number, 500 + ((number * 7919) % 20_000)), {
        ...{ key: false, timeUs: number, marker: true },
      }))
        sent.push({ sequence: packet.readUInt16BE(2), copy: Buffer.from(packet) });
    const kept = sent.slice(-256);
    for (const { sequence, copy } of kept) expect(stream.sent(sequence)?.equals(copy)).toBe(true);
    expect(stream.sent(sent.at(-257)?.sequence ?? -1)).toBeUndefined();
  });

  test('sends again what is of the last second, and holds no more, however little that is', () => {
    const stream = new RtpStream(identity, packetizerFor('h264'));
    const sent: { sequence: number; timeUs: number }[] = [];
    const held: Buffer[] = [];
    for (let number = 0; number < 600; number++) {
      const timeUs = number * 33_333;
      for (const packet of stream.packets(picture(number, 8300), { key: false, timeUs, marker: true })) {
        sent.push({ sequence: packet.readUInt16BE(2), timeUs });
        if (number > 300) held.push(packet);
      }
    }
    const fromUs = 599 * 33_333 - 1_000_000;
    const wrong = sent.filter(
      ({ sequence, timeUs }) => (stream.sent(sequence) !== undefined) !== timeUs >= fromUs,
    );
    expect(wrong).toEqual([]);
    expect(heldBy(held)).toBeLessThan(0.4 * mebibyte);
  });

  test('takes no more memory for a picture than for its packets, and none for most', () => {
    const stream = new RtpStream(identity, packetizerFor('h264'), { kept: 64 });
    const packets = Array.from({ length: 2000 }, (_, number) =>
      stream.packets(picture(number, 9000), { key: false, timeUs: number, marker: true }),
    ).flat();
    expect(heldBy(packets)).toBeLessThan(mebibyte / 2);
  });
});
