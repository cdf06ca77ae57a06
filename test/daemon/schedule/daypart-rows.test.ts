import { expect, test } from 'vitest';
import { config } from '../../../src/contract/config.ts';
import { nextOccurrence } from '../../../src/contract/schedule/occurrences.ts';
import { DaypartRows } from '../../../src/daemon/schedule/daypart-rows.ts';
import type { ScheduleRow } from '../../../src/daemon/state/schedules.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** Parts of one room in UTC at noon of a Thursday. */
function rowsOf(parts: readonly object[]) {
  const told: string[] = [];
  let read: readonly ScheduleRow[] = [];
  const options = {
    config: config.parse({ rooms: { lobby: { dayparts: { parts } } } }),
    clock: new VirtualClock(1000, Date.parse('2026-01-01T12:00Z')),
    health: {
      lost: (part: string, { reason }: { readonly reason: string }) => void told.push(`${part}: ${reason}`),
      found: (part: string) => void told.push(`${part}: well`),
    },
    zone: 'UTC',
    onRead: (rows: readonly ScheduleRow[]) => {
      told.push(`${rows.length} parts`);
      read = rows;
    },
  };
  const dayparts = new DaypartRows(options);
  return { rows: dayparts, told, read: () => read, ...options };
}

const file = '/srv/day.mp4';
const begins = (rows: readonly ScheduleRow[], nowMs: number) =>
  rows.map((row) => {
    const next = nextOccurrence(row.spec, row.decidedUntilMs);
    return next !== null && next.atMs <= nowMs;
  });

test.each([
  { name: 'goes on now', part: { from: '06:00', to: '13:00', file }, now: true },
  { name: 'began yesterday', part: { from: '20:00', to: '12:01', file }, now: true },
  { name: 'is over', part: { from: '06:00', to: '12:00', file }, now: false },
  { name: 'is to come', part: { from: '13:00', to: '15:00', file }, now: false },
  { name: 'is of another day', part: { from: '06:00', to: '15:00', days: ['fri'], file }, now: false },
])('A part of the day that $name begins at once: $now', async ({ part, now }) => {
  const { rows, clock, read } = rowsOf([part]);
  await rows.read();
  expect(begins(read(), clock.wallMs())).toEqual([now]);
  rows.close();
  expect(clock.timers).toBe(0);
});

test('A part keeps its id while it is the same, and another one is another schedule', async () => {
  const { rows, clock, read, config: given } = rowsOf([{ from: '06:00', to: '13:00', file }]);
  await rows.read();
  const [first] = read();
  await clock.pass(300_000);
  expect(read()).toEqual([first]);
  given.rooms = config.parse({
    rooms: { lobby: { dayparts: { parts: [{ from: '06:00', to: '14:00', file }] } } },
  }).rooms;
  await rows.read();
  expect(read()[0]?.id).not.toBe(first?.id);
  rows.close();
});

test('A playlist that cannot be read is told of, and nothing is where there are no parts', async () => {
  const { rows, told, config: given } = rowsOf([{ from: '06:00', to: '13:00', playlist: '/srv/gone.yaml' }]);
  await rows.read();
  expect(told).toEqual([expect.stringMatching(/^dayparts of room lobby: .*gone\.yaml/), '0 parts']);
  given.rooms = {};
  await rows.read();
  await rows.read();
  expect(told.slice(2)).toEqual(['dayparts of room lobby: well']);
  rows.close();
});
