import { expect, test } from 'vitest';
import { type NewScheduleSpec, scheduleSpec } from '../../../src/contract/schedule.ts';
import type { Run } from '../../../src/daemon/schedule/run.ts';
import { claimRun, readLastRun, readLiveRuns, writeRun } from '../../../src/daemon/state/schedule-runs.ts';
import {
  type KnownSpecs,
  pauseSchedule,
  readAllSchedules,
  readSchedule,
  readSchedules,
  removeSchedule,
  writeSchedule,
} from '../../../src/daemon/state/schedules.ts';
import { openState, temporaryFolder } from '../../helpers/state.ts';

const maker = { kind: 'socket', user: 'anna' } as const;
const nightly = spec({ when: { cron: '0 21 * * *', zone: 'Europe/Berlin' } });

function spec(given: Partial<NewScheduleSpec> = {}) {
  return scheduleSpec.parse({
    room: 'lobby',
    when: { at: '2026-12-01 09:00', zone: 'Europe/Berlin' },
    what: { call: 'startBroadcast', params: { source: { kind: 'test' } } },
    ...given,
  });
}

function runAt(atMs: number, outcome: Run['outcome'], schedule = 's-aaaaaaaaaa'): Run {
  const { room, what, priority } = nightly;
  const how = { outcome, reason: null, put: null };
  return { schedule, name: 'night', room, what, maker, priority, atMs, endsAtMs: atMs + 1000, ...how };
}

test('A schedule is there as it was written, in a state that is opened anew', () => {
  using folder = temporaryFolder();
  using before = openState(folder.path);
  before.write((database) => {
    writeSchedule(database, { name: 'night', spec: nightly, maker }, 'channel', 1000);
    writeSchedule(database, { name: 'morning', spec: spec(), maker }, null, 2000);
  });
  before.close();
  using state = openState(folder.path);
  const [morning, night] = state.read(readSchedules);
  expect(morning).toMatchObject({ name: 'morning', spec: spec(), maker, paused: false, appliedBy: null });
  expect(night).toMatchObject({ name: 'night', appliedBy: 'channel', decidedUntilMs: 1000 });
});

test('A schedule that is written again keeps its id, and what was to begin before is of the past', () => {
  using folder = temporaryFolder();
  using state = openState(folder.path);
  state.write((database) => writeSchedule(database, { name: 'night', spec: nightly, maker }, null, 1000));
  const before = state.read((database) => readSchedule(database, 'night'));
  state.write((database) => {
    writeSchedule(database, { name: 'night', spec: spec(), maker }, 'channel', 3000);
    pauseSchedule(database, 'night', true, 4000);
  });
  const after = state.read((database) => readSchedule(database, 'night'));
  expect(after).toEqual({
    ...before,
    ...{ spec: spec(), appliedBy: 'channel', paused: true, decidedUntilMs: 4000 },
  });
  expect(state.write((database) => removeSchedule(database, 'night'))).toBe(true);
  expect(state.write((database) => removeSchedule(database, 'night'))).toBe(false);
  expect(state.read(readSchedules)).toEqual([]);
});

test('A schedule that is written again stays paused, but where it is said', () => {
  using folder = temporaryFolder();
  using state = openState(folder.path);
  const written = (paused?: boolean) =>
    state.write((database) => {
      writeSchedule(database, { name: 'night', spec: nightly, maker, paused }, null, 1000);
      return readSchedule(database, 'night')?.paused;
    });
  expect([undefined, true, undefined, false, undefined].map(written)).toEqual([
    false,
    true,
    true,
    false,
    false,
  ]);
});

test('A run is claimed once; one that was told as missed may yet begin', () => {
  using folder = temporaryFolder();
  using state = openState(folder.path);
  const claim = (run: Run) => state.write((database) => claimRun(database, run));
  expect(claim(runAt(1000, 'waiting'))).toBe(true);
  expect(claim(runAt(1000, 'waiting'))).toBe(false);
  state.write((database) => writeRun(database, runAt(1000, 'ended')));
  expect(claim(runAt(1000, 'waiting'))).toBe(false);
  expect(claim(runAt(2000, 'missed'))).toBe(true);
  expect(claim(runAt(2000, 'missed'))).toBe(false);
  expect(claim(runAt(2000, 'waiting'))).toBe(true);
  expect(state.read(readLiveRuns)).toEqual([runAt(2000, 'waiting')]);
});

test('What a schedule says is read once for as long as it says the same', () => {
  using folder = temporaryFolder();
  using state = openState(folder.path);
  const known: KnownSpecs = new Map();
  const specs = () => state.read((database) => readAllSchedules(database, known)).rows.map((row) => row.spec);
  const write = (name: string, priority: number) =>
    state.write((database) =>
      writeSchedule(database, { name, spec: { ...nightly, priority }, maker }, null, 1000),
    );
  write('a', 1);
  write('b', 1);
  const before = specs();
  write('b', 2);
  const after = specs();
  expect(after[0]).toBe(before[0]);
  expect(after.map(({ priority }) => priority)).toEqual([1, 2]);
});

test('How the newest fifty runs of a schedule were is remembered, for a month that others were, and all of those that go on', () => {
  using folder = temporaryFolder();
  using state = openState(folder.path);
  const dayMs = 86_400_000;
  state.write((database) => {
    claimRun(database, runAt(1, 'running'));
    claimRun(database, runAt(7, 'ended', 's-bbbbbbbbbb'));
    for (let day = 2; day <= 100; day++) claimRun(database, runAt(day * dayMs, 'ended'));
    for (let ms = 1; ms <= 50; ms++) claimRun(database, runAt(100 * dayMs + ms, 'ended'));
  });
  const count = (where: string) =>
    Number(
      state.read((database) => database.prepare(`SELECT count(*) AS n FROM schedule_runs ${where}`).get())?.n,
    );
  const text = (where: string) =>
    state.read((database) =>
      JSON.stringify(database.prepare(`SELECT details FROM schedule_runs ${where}`).all()),
    );
  expect(count('')).toBe(1 + 1 + 31 + 50);
  expect(count("WHERE details <> ''")).toBe(1 + 1 + 50);
  expect(state.write((database) => claimRun(database, runAt(80 * dayMs, 'waiting')))).toBe(false);
  expect(state.read(readLiveRuns)).toEqual([runAt(1, 'running')]);
  expect(state.read((database) => readLastRun(database, 's-aaaaaaaaaa'))).toEqual({
    ...{ atMs: 100 * dayMs + 50, endsAtMs: 100 * dayMs + 1050, outcome: 'ended', reason: null },
  });
  expect(text("WHERE outcome = 'running'")).toContain('what');
  expect(text("WHERE outcome = 'ended'")).not.toContain('what');
  expect(state.read((database) => readLastRun(database, 's-cccccccccc'))).toBeNull();
});
