import { describe, expect, test } from 'vitest';
import { opusDurationUs, silentAs, silentPacket } from '../../../../src/ingest/media/opus/opus-packet.ts';

const head = (config: number, code: number) => (config << 3) | 4 | code;

const packets = [
  { name: 'CELT of 2.5 ms', bytes: [head(28, 0)], ms: 2.5 },
  { name: 'CELT of 5 ms', bytes: [head(29, 0)], ms: 5 },
  { name: 'CELT of 10 ms', bytes: [head(30, 0)], ms: 10 },
  { name: 'CELT of 20 ms', bytes: [head(31, 0)], ms: 20 },
  { name: 'narrow CELT of 20 ms', bytes: [head(19, 0)], ms: 20 },
  { name: 'hybrid of 10 ms, twice', bytes: [head(12, 1)], ms: 20 },
  { name: 'hybrid of 20 ms, twice', bytes: [head(15, 2)], ms: 40 },
  { name: 'SILK of 60 ms', bytes: [head(3, 0)], ms: 60 },
  { name: 'SILK of 60 ms, twice', bytes: [head(11, 1)], ms: 120 },
  { name: 'CELT of 20 ms, six times', bytes: [head(31, 3), 6], ms: 120 },
  { name: 'more than there may be', bytes: [head(31, 3), 63], ms: 120 },
  { name: 'a count that is cut off', bytes: [head(31, 3)], ms: 20 },
  { name: 'nothing', bytes: [], ms: 20 },
];

describe('an Opus packet', () => {
  test.each(packets)('of $name lasts $ms ms, and so does silence in its place', ({ bytes, ms }) => {
    const packet = Buffer.from([...bytes, 1, 2, 3].slice(0, bytes.length === 0 ? 0 : 8));
    const whole = bytes.length === 1 && ((bytes[0] ?? 0) & 3) === 3 ? packet.subarray(0, 1) : packet;
    expect(opusDurationUs(whole)).toBe(ms * 1000);
    const silent = silentAs(whole);
    expect(opusDurationUs(silent)).toBe(ms * 1000);
    expect(silent.subarray(-2)).toEqual(silentPacket.subarray(-2));
  });
});
