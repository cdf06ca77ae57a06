import { describe, expect, test } from 'vitest';
import { type OrderedPacket, ReorderBuffer } from '../../../../src/ingest/media/rtp-in/reorder-buffer.ts';
import type { RtpPacket } from '../../../../src/ingest/media/rtp-in/rtp-packet.ts';
import { pseudoRandom } from '../../../helpers/pseudo-random.ts';

const waitMs = 100;
const nothing = Buffer.alloc(0);

function packet(sequence: number): RtpPacket {
  return {
    payloadType: 96,
    marker: false,
    sequence: sequence & 0xffff,
    timestamp: 0,
    ssrc: 1,
    extension: nothing,
    payload: nothing,
  };
}

/** Sequence numbers, with a mark behind those that come after a loss. */
const shown = (packets: readonly OrderedPacket[]) =>
  packets.map(({ packet, afterLoss }) => `${packet.sequence}${afterLoss ? '!' : ''}`).join(' ');

describe('ReorderBuffer gives', () => {
  test.each([
    { name: 'what comes in order at once', sequences: [5, 6, 7], given: ['5', '6', '7'] },
    { name: 'what comes too early in its turn', sequences: [5, 7, 6, 8], given: ['5', '', '6 7', '8'] },
    { name: 'several behind a late one', sequences: [5, 8, 7, 6], given: ['5', '', '', '6 7 8'] },
    { name: 'nothing twice', sequences: [5, 5, 7, 7, 6], given: ['5', '', '', '', '6 7'] },
    { name: 'nothing of before the first', sequences: [5, 4, 6], given: ['5', '', '6'] },
    {
      name: 'numbers past their end',
      sequences: [65_534, 0, 65_535, 1],
      given: ['65534', '', '65535 0', '1'],
    },
    {
      name: 'another stream as such',
      sequences: [5, 9, 20_000, 20_001, 6],
      given: ['5', '', '20000!', '20001', '6!'],
    },
  ])('$name', ({ sequences, given }) => {
    const buffer = new ReorderBuffer(waitMs);
    expect(sequences.map((sequence) => shown(buffer.push(packet(sequence), 0)))).toEqual(given);
  });

  test('what comes behind a packet that did not come in time, and marks it', () => {
    const buffer = new ReorderBuffer(waitMs);
    buffer.push(packet(1), 0);
    buffer.push(packet(3), 10);
    buffer.push(packet(4), 50);
    buffer.push(packet(9), 60);
    expect(buffer.deadlineMs).toBe(110);
    expect(shown(buffer.expire(109))).toBe('');
    expect(shown(buffer.expire(110))).toBe('3! 4');
    expect(buffer.deadlineMs).toBe(160);
    expect(shown(buffer.expire(500))).toBe('9!');
    expect(buffer.deadlineMs).toBeUndefined();
    expect(shown(buffer.push(packet(2), 501))).toBe('');
    expect(buffer.counters).toEqual({ lost: 5, late: 1 });
  });

  test('what it cannot hold any longer, however early it is', () => {
    const buffer = new ReorderBuffer(waitMs);
    buffer.push(packet(0), 0);
    const given = Array.from({ length: 1100 }, (_, index) => buffer.push(packet(index + 2), 0));
    expect(given.findIndex(({ length }) => length > 0)).toBe(1024);
    expect(given.flat()).toHaveLength(1100);
  });
});

test('ReorderBuffer gives each packet at most once and in order, whatever happens to them', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = pseudoRandom(seed);
    const buffer = new ReorderBuffer(waitMs);
    const sent = Array.from({ length: 2000 }, (_, index) => ({ at: index * 10, sequence: 65_000 + index }));
    const come = sent
      .filter(() => random(20) > 0)
      .flatMap((one) => (random(10) === 0 ? [one, one] : [one]))
      .map(({ at, sequence }) => ({ at: at + random(80), sequence }))
      .sort((a, b) => a.at - b.at);
    const given: OrderedPacket[] = [];
    for (const { at, sequence } of come) {
      given.push(...buffer.expire(at), ...buffer.push(packet(sequence), at));
    }
    given.push(...buffer.expire(Number.POSITIVE_INFINITY));
    const numbers = given.map(({ packet }) => (packet.sequence - 65_000 + 65_536) % 65_536);
    // Those that overtook the very first are no part of it.
    const expected = [...new Set(come.map(({ sequence }) => sequence - 65_000))].filter(
      (one) => one >= (numbers[0] ?? 0),
    );
    expect(numbers).toEqual(expected.sort((a, b) => a - b));
    for (const [index, { afterLoss }] of given.entries()) {
      if (index > 0) expect(afterLoss).toBe(numbers[index] !== (numbers[index - 1] ?? 0) + 1);
    }
  }
});
