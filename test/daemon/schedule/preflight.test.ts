import { expect, test } from 'vitest';
import { MiroliveError } from '../../../src/contract/errors.ts';
import { nextOccurrence } from '../../../src/contract/schedule/occurrences.ts';
import { scheduleSpec } from '../../../src/contract/schedule.ts';
import { type Ahead, isLookDue, Preflight, runsAhead } from '../../../src/daemon/schedule/preflight.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

const file = { kind: 'file', path: '/srv/talk.mp4', loop: false, audioTrack: null } as const;
const spec = (more: object = {}) =>
  scheduleSpec.parse({
    room: 'lobby',
    when: { at: '2026-01-01 00:20', zone: 'UTC' },
    what: { call: 'startBroadcast', params: { source: file } },
    ...more,
  });
const row = (more: object = {}) => ({ id: 's-1', name: 'talk', spec: spec(more), paused: false });
const startMs = Date.parse('2026-01-01T00:20Z');
const minuteMs = 60_000;
const slateOff = { call: 'control', params: { command: { type: 'slate', on: false } } };

test.each([
  { name: 'ten minutes before it', row: row(), beforeMs: 10 * minuteMs, isNear: true },
  { name: 'no sooner', row: row(), beforeMs: 10 * minuteMs + 1, isNear: false },
  {
    name: 'sooner where that is asked for',
    row: row({ preflightMs: 3_600_000 }),
    beforeMs: 20 * minuteMs,
    isNear: true,
  },
  { name: 'not when its hour has come', row: row(), beforeMs: 0, isNear: false },
  { name: 'not while it is paused', row: { ...row(), paused: true }, beforeMs: minuteMs, isNear: false },
  { name: 'not where it is a command', row: row({ what: slateOff }), beforeMs: minuteMs, isNear: false },
])('A run is looked at $name', ({ row: one, beforeMs, isNear }) => {
  const nowMs = startMs - beforeMs;
  const ahead = runsAhead([one], nowMs, ({ spec: timing }) => nextOccurrence(timing, nowMs));
  expect(ahead).toEqual(isNear ? [{ row: one, atMs: startMs }] : []);
});

/** A preflight of one schedule whose source is as the test says. */
function started(rows = [row()]) {
  const clock = new VirtualClock();
  const told: string[] = [];
  const around = { problem: null as MiroliveError | null, looks: 0, hangs: false, well: '', isCostly: false };
  const ahead = (nowMs: number): Ahead[] =>
    runsAhead(rows, nowMs, ({ spec: timing }) => nextOccurrence(timing, nowMs));
  const preflight = new Preflight({
    ...{ clock, ahead },
    health: {
      lost: (part, { reason, failures }) => void told.push(`${part}: ${reason} (${failures})`),
      found: (part) => void told.push(`${part}: well`),
    },
    announce: (event) => {
      if (event.type === 'schedule.well') told.push(`${event.schedule} would be on air again`);
      if (event.type === 'schedule.trouble')
        told.push(`${event.leftMs / 1000} s left: ${event.reason}; ${event.hint}`);
    },
    inspect: async ({ room }) => {
      around.looks++;
      if (room === around.well) return;
      if (around.hangs) await new Promise(() => {});
      if (around.problem) throw around.problem;
    },
    isCostly: () => around.isCostly,
  });
  return { clock, told, around, preflight };
}

const gone = new MiroliveError('SOURCE_NOT_FOUND', 'there is no file /srv/talk.mp4', { hint: 'Look there' });

test('What is wrong is told once with the time that is left, and health shows it until it is well', async () => {
  using parts = new DisposableStack();
  const { clock, told, around, preflight } = started();
  parts.use(preflight);
  around.problem = gone;
  await clock.pass(12 * minuteMs);
  expect(told).toEqual([
    'schedule talk: there is no file /srv/talk.mp4 (1)',
    '600 s left: there is no file /srv/talk.mp4; Look there',
    'schedule talk: there is no file /srv/talk.mp4 (2)',
    'schedule talk: there is no file /srv/talk.mp4 (3)',
  ]);
  around.problem = null;
  await clock.pass(2 * minuteMs);
  expect(told.slice(4)).toEqual(['schedule talk: well', 'talk would be on air again']);
  around.problem = gone;
  await clock.pass(minuteMs);
  expect(told.slice(6)).toEqual([
    'schedule talk: there is no file /srv/talk.mp4 (1)',
    '300 s left: there is no file /srv/talk.mp4; Look there',
  ]);
});

test.each<{
  name: string;
  leftMs: number;
  lookedMs: number | null;
  isCostly?: boolean;
  isTroubled?: boolean;
  expected: boolean;
}>([
  { name: 'when it comes to be near', leftMs: 600_000, lookedMs: null, expected: true },
  { name: 'not again a minute later', leftMs: 540_000, lookedMs: 600_000, expected: false },
  { name: 'once more shortly before its hour', leftMs: 150_000, lookedMs: 600_000, expected: true },
  { name: 'not again behind that', leftMs: 90_000, lookedMs: 150_000, expected: false },
  {
    name: 'each minute while something is wrong',
    ...{ leftMs: 540_000, lookedMs: 600_000, isTroubled: true, expected: true },
  },
  {
    name: 'each minute where that is cheap',
    leftMs: 540_000,
    lookedMs: 600_000,
    isCostly: false,
    expected: true,
  },
])('A camera is looked at $name', ({ leftMs, lookedMs, isCostly = true, isTroubled = false, expected }) => {
  const before = lookedMs === null ? null : { leftMs: lookedMs };
  expect(isLookDue(leftMs, before, { isCostly, isTroubled })).toBe(expected);
});

test('A camera is opened twice before its hour, and each minute while it is away', async () => {
  using parts = new DisposableStack();
  const { clock, told, around, preflight } = started();
  parts.use(preflight);
  around.isCostly = true;
  await clock.pass(20 * minuteMs);
  expect(around.looks).toBe(2);
  expect(told).toEqual([]);
});

test('A camera that is away is looked for each minute until it is there again', async () => {
  using parts = new DisposableStack();
  const { clock, told, around, preflight } = started();
  parts.use(preflight);
  Object.assign(around, { isCostly: true, problem: gone });
  await clock.pass(12 * minuteMs);
  expect(around.looks).toBe(3);
  around.problem = null;
  await clock.pass(8 * minuteMs);
  expect(around.looks).toBe(5);
  expect(told.slice(-2)).toEqual(['schedule talk: well', 'talk would be on air again']);
});

test('Parts of the day of two rooms, which have one name, are told apart', async () => {
  using parts = new DisposableStack();
  const part = (id: string, room: string) => ({ ...row({ room }), id, name: 'daypart-0600' });
  const { clock, told, around, preflight } = started([part('d-1', 'hall'), part('d-2', 'lobby')]);
  parts.use(preflight);
  around.problem = gone;
  around.well = 'lobby';
  await clock.pass(12 * minuteMs);
  expect(told.filter((line) => line.startsWith('schedule'))).toEqual(
    [1, 2, 3].map((times) => `schedule daypart-0600 of room hall: ${gone.message} (${times})`),
  );
});

test('When its hour has come it is looked at no more, and is no trouble of health', async () => {
  using parts = new DisposableStack();
  const { clock, told, around, preflight } = started();
  parts.use(preflight);
  around.problem = gone;
  await clock.pass(20 * minuteMs);
  expect(told.at(-1)).toBe('schedule talk: well');
  const { looks } = around;
  await clock.pass(20 * minuteMs);
  expect(around.looks).toBe(looks);
});

test('What hangs is not asked twice, and nothing is told once it is closed', async () => {
  const { clock, told, around, preflight } = started();
  around.hangs = true;
  await clock.pass(15 * minuteMs);
  expect(around.looks).toBe(1);
  preflight.close();
  preflight.close();
  expect(clock.timers).toBe(0);
  expect(told).toEqual([]);
});
