import { expect, test } from 'vitest';
import { mayKeepAddresses } from '../../../src/daemon/ops/kept-addresses.ts';
import { LogMemory } from '../../../src/daemon/ops/log-memory.ts';

const nowMs = Date.UTC(2026, 0, 10);
const dayMs = 86_400_000;
const isKept = mayKeepAddresses(7 * dayMs, nowMs);
const address = '192.0.2.77';
const line = (agoDays: number) =>
  `${JSON.stringify({ level: 40, time: new Date(nowMs - agoDays * dayMs).toISOString(), address, msg: `refused ${address}` })}\n`;

/** The lines, and which of them have addresses. */
const left = ({ lines }: LogMemory) => lines.map((one) => one.includes(address));

test('LogMemory takes addresses out of lines that are too old, or of a clock that was wrong, and out of no others', () => {
  const memory = new LogMemory();
  for (const days of [9, 8, -40, 6, 0]) memory.note(line(days));
  expect(memory.scrub(isKept, 100)).toBe(false);
  expect(left(memory)).toEqual([false, false, false, true, true]);
  expect(JSON.parse(memory.lines[0] ?? '')).toMatchObject({ address: '–', msg: 'refused –' });
  // A day later.
  expect(memory.scrub(mayKeepAddresses(7 * dayMs, nowMs + 2 * dayMs), 100)).toBe(false);
  expect(left(memory)).toEqual([false, false, false, false, true]);
});

test('LogMemory looks at so many lines at once, and goes on where it was, also where it has forgotten some', () => {
  const memory = new LogMemory();
  for (let count = 0; count < 5; count++) memory.note(line(9));
  expect(memory.scrub(isKept, 2)).toBe(true);
  expect(left(memory)).toEqual([false, false, true, true, true]);
  // Longer than all that is remembered: the first ones go.
  const long = `${JSON.stringify({ level: 30, time: new Date(nowMs).toISOString(), msg: 'x'.repeat(4 * 1024 * 1024 - 300) })}\n`;
  memory.note(long);
  const before = left(memory).length;
  expect(before).toBeLessThan(6);
  while (memory.scrub(isKept, 1)) expect(left(memory)).toHaveLength(before);
  expect(left(memory)).not.toContain(true);
});

test('LogMemory holds its bound after it has taken addresses out', () => {
  const memory = new LogMemory();
  const filler = 'x'.repeat(4000);
  const note = (days: number) => memory.note(line(days).replace('refused', filler));
  for (let count = 0; count < 1100; count++) note(9);
  while (memory.scrub(isKept, 200)) expect(memory.lines.length).toBeLessThan(1100);
  for (let count = 0; count < 5000; count++) note(0);
  const length = memory.lines.reduce((sum, one) => sum + one.length, 0);
  expect(length).toBeLessThanOrEqual(4 * 1024 * 1024);
  expect(length).toBeGreaterThan(4 * 1024 * 1024 - 10_000);
  memory.scrub(isKept, 10_000);
  expect(left(memory)).not.toContain(false);
});
