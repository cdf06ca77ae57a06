import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../../../src/contract/clock.ts';
import { PacedSender } from '../../../../src/ingest/process/splicer/paced-sender.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
});

/** A sender, and when each packet left, in ms. */
function sender() {
  const left: { packet: string; atMs: number }[] = [];
  const startMs = Date.now();
  const paced = new PacedSender(
    (packet) => left.push({ packet: packet.toString(), atMs: Date.now() - startMs }),
    systemClock,
  );
  return { paced, left };
}

const packets = (count: number, name = 'p') =>
  Array.from({ length: count }, (_, i) => Buffer.from(`${name}${i}`));
const names = (count: number, name = 'p') => packets(count, name).map(String);

describe('PacedSender', () => {
  test('sends a small picture at once', () => {
    const { paced, left } = sender();
    paced.push(packets(16));
    expect(left.map(({ packet }) => packet)).toEqual(names(16));
    vi.runAllTimers();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('takes a picture of more packets than a stack holds', () => {
    const { paced, left } = sender();
    paced.push(packets(200_000));
    vi.runAllTimers();
    expect(left.length).toBe(200_000);
  });

  test('sends a large picture in order, within a bounded time, in even slices', () => {
    const { paced, left } = sender();
    paced.push(packets(1200));
    vi.runAllTimers();
    expect(left.map(({ packet }) => packet)).toEqual(names(1200));
    expect(left.at(-1)?.atMs).toBeLessThanOrEqual(24);
    expect(largestBurst(left)).toBe(100);
  });

  test('sends pictures that are due together in slices too', () => {
    const { paced, left } = sender();
    for (let picture = 0; picture < 12; picture++) paced.push(packets(5, `${picture}-`));
    vi.runAllTimers();
    expect(left.map(({ packet }) => packet)).toEqual(
      Array.from({ length: 12 }, (_, i) => names(5, `${i}-`)).flat(),
    );
    expect(largestBurst(left)).toBeLessThanOrEqual(16);
    expect(left.at(-1)?.atMs).toBe(16);
  });

  test('hurries where another large picture comes before the first has left', () => {
    const { paced, left } = sender();
    paced.push(packets(600, 'a'));
    vi.advanceTimersByTime(10);
    paced.push(packets(600, 'b'));
    vi.runAllTimers();
    expect(left.map(({ packet }) => packet)).toEqual([...names(600, 'a'), ...names(600, 'b')]);
    expect(left.at(-1)?.atMs).toBeLessThanOrEqual(10 + 26);
  });

  test('sends no more once closed', () => {
    const { paced, left } = sender();
    paced.push(packets(100));
    paced.close();
    paced.close();
    vi.runAllTimers();
    expect(left.length).toBe(9);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('takes a picture of no packets', () => {
    const { paced, left } = sender();
    paced.push([]);
    expect(left).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

function largestBurst(left: { atMs: number }[]): number {
  const counts = new Map<number, number>();
  for (const { atMs } of left) counts.set(atMs, (counts.get(atMs) ?? 0) + 1);
  return Math.max(...counts.values());
}
