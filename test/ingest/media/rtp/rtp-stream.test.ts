import { describe, expect, test } from 'vitest';
import { OpusPacketizer } from '../../../../src/ingest/media/opus/packetize-opus.ts';
import { packetizerFor } from '../../../../src/ingest/media/rtp/packetizer.ts';
import type { Packetizer } from '../../../../src/ingest/media/rtp/payload.ts';
import { RtpStream } from '../../../../src/ingest/media/rtp/rtp-stream.ts';
import { extensionElements, parseRtp } from './depacketize.ts';

const identity = { ssrc: 0xfedcba98, payloadType: 101, clockRate: 90_000, extensionId: 5 };
const options = { key: false, timeUs: 0, marker: true };
const opus = () => new RtpStream({ ...identity, clockRate: 48_000 }, new OpusPacketizer());

describe('RtpStream', () => {
  test('counts packets without a hole, past the end of 16 bits, and keeps the last ones', () => {
    const stream = opus();
    const data = Buffer.from('x');
    const first = parseRtp(stream.packets(data, options)[0] as Buffer).sequence;
    for (let count = 1; count < 140_000; count++) {
      const [packet] = stream.packets(data, options);
      const sequence = packet?.readUInt16BE(2) ?? -1;
      if (sequence !== (first + count) % 65_536) expect(sequence).toBe((first + count) % 65_536);
      if (stream.sent(sequence) !== packet) expect(stream.sent(sequence)).toBe(packet);
    }
    const last = (first + 139_999) % 65_536;
    expect(stream.sent((last - 1023 + 65_536) % 65_536)?.readUInt16BE(2)).toBe(
      (last - 1023 + 65_536) % 65_536,
    );
    expect(stream.sent((last - 1024 + 65_536) % 65_536)).toBeUndefined();
    expect(stream.sent((last + 1) % 65_536)).toBeUndefined();
  });

  test('begins at numbers that leave room before their first end, as SRTP needs', () => {
    for (let count = 0; count < 200; count++) {
      expect(parseRtp(opus().packets(Buffer.from('x'), options)[0] as Buffer).sequence).toBeLessThan(32_768);
    }
  });

  test.each([
    { clockRate: 90_000, timeUs: 33_333.333, ticks: 3000 },
    { clockRate: 48_000, timeUs: 20_000, ticks: 960 },
    { clockRate: 90_000, timeUs: -5000, ticks: -450 },
    { clockRate: 90_000, timeUs: 2 ** 32 / 0.09, ticks: 0 },
    { clockRate: 90_000, timeUs: 2 ** 32 / 0.09 + 1e6, ticks: 90_000 },
    { clockRate: 90_000, timeUs: 365 * 86_400e6, ticks: (365 * 86_400 * 90_000) % 2 ** 32 },
  ])('puts $timeUs µs at $ticks ticks of $clockRate Hz', ({ clockRate, timeUs, ticks }) => {
    const stream = new RtpStream({ ...identity, clockRate }, new OpusPacketizer());
    const distance = (stream.timestamp(timeUs) - stream.timestamp(0) + 2 ** 32) % 2 ** 32;
    expect(distance).toBe((ticks + 2 ** 32) % 2 ** 32);
    const [packet] = stream.packets(Buffer.from('x'), { ...options, timeUs });
    expect(packet?.readUInt32BE(4)).toBe(stream.timestamp(timeUs));
  });

  test('loses no ticks on a long way', () => {
    const stream = opus();
    let before = stream.timestamp(0);
    for (let frame = 1; frame < 500_000; frame++) {
      const now = stream.timestamp(frame * 20_000);
      if ((now - before + 2 ** 32) % 2 ** 32 !== 960) expect(now - before).toBe(960);
      before = now;
    }
  });

  test.each(['h264', 'vp8', 'vp9', 'av1'] as const)(
    'keeps %s within 1200 bytes a packet, and marks the last',
    (codec) => {
      const stream = new RtpStream(identity, packetizerFor(codec));
      const picture = Buffer.alloc(20_000, 0x66);
      if (codec === 'h264') picture.set([0, 0, 0, 1, 0x65], 0);
      if (codec === 'av1') picture.set([0x30], 0);
      const packets = stream.packets(picture, { key: true, timeUs: 40_000, marker: true });
      expect(packets.length).toBeGreaterThan(16);
      expect(packets.length).toBeLessThan(20);
      for (const packet of packets) expect(packet.length).toBeLessThanOrEqual(1200);
      const parsed = packets.map(parseRtp);
      expect(parsed.map(({ marker }) => marker)).toEqual(packets.map((_, i) => i === packets.length - 1));
      expect(new Set(parsed.map(({ timestamp }) => timestamp)).size).toBe(1);
      expect(parsed.every(({ ssrc, payloadType }) => ssrc === identity.ssrc && payloadType === 101)).toBe(
        true,
      );
      expect(parsed.map((packet) => [...extensionElements(packet).keys()])).toEqual(
        packets.map(() => (codec === 'av1' ? [5] : [])),
      );
    },
  );

  test('writes a header extension of any length that is made room for', () => {
    for (let length = 1; length <= 11; length++) {
      const extension = Buffer.from(Array.from({ length }, (_, i) => i + 1));
      const packetizer: Packetizer = { packetize: (data) => [{ data, extension }] };
      const [packet] = new RtpStream(identity, packetizer).packets(Buffer.from('body'), options);
      const parsed = parseRtp(packet as Buffer);
      expect(extensionElements(parsed)).toEqual(new Map([[5, extension]]));
      expect(parsed.payload.toString()).toBe('body');
      expect(packet?.length).toBeLessThanOrEqual(12 + 16 + 'body'.length);
    }
  });

  test('reports its place in time, and what it has sent', () => {
    const stream = opus();
    for (let count = 0; count < 3; count++) stream.packets(Buffer.alloc(100), options);
    const wallMs = Date.UTC(2026, 0, 2, 3, 4, 5, 250);
    const report = stream.senderReport(1_500_000, wallMs);
    expect(report.length).toBe(28);
    expect([...report.subarray(0, 4)]).toEqual([0x80, 200, 0, 6]);
    expect(report.readUInt32BE(4)).toBe(identity.ssrc);
    const epochMs = Date.UTC(1900, 0, 1);
    expect(report.readUInt32BE(8)).toBe(Math.floor((wallMs - epochMs) / 1000) % 2 ** 32);
    expect(report.readUInt32BE(12) / 2 ** 32).toBeCloseTo(0.25, 5);
    expect(report.readUInt32BE(16)).toBe(stream.timestamp(1_500_000));
    expect(report.readUInt32BE(20)).toBe(3);
    expect(report.readUInt32BE(24)).toBe(300);
  });
});
