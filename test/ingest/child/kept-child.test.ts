import { expect, test } from 'vitest';
import { KeptChild, type Life } from '../../../src/ingest/child/kept-child.ts';
import { Restarts } from '../../../src/ingest/child/restarts.ts';
import type { ChildDeath } from '../../../src/ingest/child/watched-child.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** A life of no process, which is ready after so long and dies after so long; null: never. */
class PlayedLife implements Life {
  readonly ready: Promise<void>;
  readonly ended: Promise<ChildDeath>;
  readonly #end: (death: ChildDeath) => void;

  constructor(clock: VirtualClock, readyMs: number | null, diesMs: number | null) {
    const [ready, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<ChildDeath>()];
    this.ready = ready.promise;
    this.ended = ended.promise;
    this.#end = ended.resolve;
    if (readyMs !== null) clock.after(readyMs, ready.resolve);
    if (diesMs !== null) clock.after(diesMs, () => void this.die());
  }

  die(message = 'it ended with code 1'): void {
    this.#end({ cause: 'crashed', message, atMs: 0, mark: null });
  }

  async close(): Promise<void> {
    this.die();
  }
}

/** Keeps lives of one kind, and notes what comes of it. */
function kept(readyMs: number | null, diesMs: number | null) {
  const clock = new VirtualClock(0);
  const [startedMs, health, died]: [number[], string[], string[]] = [[], [], []];
  const child = new KeptChild({
    ...{ part: 'guard', clock },
    health: {
      lost: (part, { failures, reason }) => health.push(`lost ${part} ${failures}: ${reason}`),
      found: (part) => health.push(`found ${part}`),
    },
    start: () => {
      startedMs.push(clock.nowMs());
      return new PlayedLife(clock, readyMs, diesMs);
    },
    onDied: (_, { message }) => died.push(message),
  });
  return { clock, child, startedMs, health, died };
}

test('KeptChild starts nothing before somebody wants it, and one life at a time', async () => {
  const { child, clock, startedMs } = kept(100, null);
  await clock.pass(60_000);
  expect([startedMs, child.life]).toEqual([[], undefined]);
  expect(child.keep()).toBe(child.keep());
  await clock.pass(60_000);
  expect(startedMs).toEqual([60_000]);
});

test.each([
  { name: 'never begins to work', readyMs: null, diesMs: 0 },
  { name: 'dies as soon as it works', readyMs: 0, diesMs: 0 },
])(
  'What $name is started at most nine times in the first minute, twice a minute then, and told as missing',
  async ({ readyMs, diesMs }) => {
    const { child, clock, startedMs, health } = kept(readyMs, diesMs);
    child.keep();
    await clock.pass(60_000);
    expect(startedMs.slice(0, 2)).toEqual([0, 0]);
    expect(startedMs.length).toBeGreaterThan(5);
    expect(startedMs.length).toBeLessThanOrEqual(9);
    expect(health.filter((one) => one.startsWith('lost'))[0]).toBe('lost guard 2: it ended with code 1');
    const before = startedMs.length;
    await clock.pass(600_000);
    expect(startedMs.length - before).toBeLessThanOrEqual(25);
  },
);

test('What works for a while is replaced at once each time, and never told as missing', async () => {
  const { child, clock, startedMs, health, died } = kept(100, 60_000);
  child.keep();
  await clock.pass(300_000);
  expect(startedMs).toEqual([0, 60_000, 120_000, 180_000, 240_000, 300_000]);
  expect(new Set(health)).toEqual(new Set(['found guard']));
  expect(died).toHaveLength(5);
});

test('What is to be started later is started at once when somebody waits, and counts from the beginning', async () => {
  const { child, clock, startedMs } = kept(null, 0);
  child.keep();
  await clock.pass(20_000);
  expect(child.life).toBeUndefined();
  const before = startedMs.length;
  child.hurry();
  expect(startedMs.length).toBe(before + 1);
  await clock.pass(0);
  // And once more, as at the first failure.
  expect(startedMs.length).toBe(before + 2);
});

test.each([
  { name: 'begins', readyMs: 1000, diesMs: null, afterMs: 500 },
  { name: 'works', readyMs: 0, diesMs: null, afterMs: 500 },
  { name: 'waits to be started again', readyMs: null, diesMs: 0, afterMs: 20_000 },
])(
  'KeptChild that is closed while it $name starts nothing any more',
  async ({ readyMs, diesMs, afterMs }) => {
    const { child, clock, startedMs } = kept(readyMs, diesMs);
    child.keep();
    await clock.pass(afterMs);
    const before = startedMs.length;
    await child.close();
    await child.close();
    child.hurry();
    await clock.pass(600_000);
    expect(startedMs.length).toBe(before);
  },
);

test('Restarts takes what dies of one cause for one failure', async () => {
  const clock = new VirtualClock(0);
  const lost: number[] = [];
  const restarts = new Restarts({
    ...{ part: 'ingest', clock },
    health: { lost: (_, { nextTryMs }) => lost.push(nextTryMs), found: () => {} },
  });
  const started: { failed(reason: string): void }[] = [];
  const next = () => restarts.next((attempt) => attempt && started.push(attempt));
  for (let count = 0; count < 8; count++) next();
  for (const attempt of started.splice(0)) {
    attempt.failed('all at once');
    next();
  }
  expect(started).toHaveLength(8);
  expect(lost).toEqual([]);
  started.pop()?.failed('once more');
  next();
  expect(lost).toEqual([expect.closeTo(450, -2)]);
  await clock.pass(1000);
  expect(started).toHaveLength(8);
});
