import { expect, test } from 'vitest';
import { KeptChild } from '../../../src/ingest/child/kept-child.ts';
import { type Life, Restarts } from '../../../src/ingest/child/restarts.ts';
import type { ChildDeath } from '../../../src/ingest/child/watched-child.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** A life of no process, which is ready after so long and dies after so long; null: never. */
class PlayedLife implements Life {
  readonly ready: Promise<void>;
  readonly ended: Promise<ChildDeath>;
  readonly #end: (death: ChildDeath) => void;
  readonly #fail: (error: Error) => void;
  closed = false;

  constructor(clock: VirtualClock, readyMs: number | null, diesMs: number | null) {
    const [ready, ended] = [Promise.withResolvers<void>(), Promise.withResolvers<ChildDeath>()];
    this.ready = ready.promise;
    this.ended = ended.promise;
    this.#end = ended.resolve;
    this.#fail = ready.reject;
    this.ready.catch(() => {});
    if (readyMs !== null) clock.after(readyMs, ready.resolve);
    if (diesMs !== null) clock.after(diesMs, () => void this.die());
  }

  die(message = 'it ended with code 1'): void {
    this.#end({ cause: 'crashed', message, begunMs: 0, atMs: 0, mark: null });
    this.#fail(new Error(message));
  }

  async close(): Promise<void> {
    this.closed = true;
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
  const [started, died]: [PlayedLife[], string[]] = [[], []];
  const next = () =>
    restarts.start(
      () => {
        const life = new PlayedLife(clock, 0, null);
        started.push(life);
        return life;
      },
      (_, { message }) => died.push(message),
    );
  for (let count = 0; count < 8; count++) void next();
  await clock.pass(0);
  for (const life of started.splice(0)) {
    life.die('all at once');
    await clock.pass(0);
    void next();
  }
  expect([started.length, died.length]).toEqual([8, 8]);
  expect(lost).toEqual([]);
  started.pop()?.die('once more');
  await clock.pass(0);
  void next();
  expect(lost).toEqual([expect.closeTo(450, -2)]);
  await clock.pass(1000);
  expect(started).toHaveLength(8);
});

test('What is let go is no failure, and nobody is told that it died', async () => {
  const { clock, child, died, health } = kept(0, null);
  child.keep();
  await clock.pass(100);
  await child.life?.close();
  await clock.pass(60_000);
  expect([died, health]).toEqual([[], ['found guard']]);
});

test('What cannot even be started is tried again with back-off', async () => {
  const clock = new VirtualClock();
  let starts = 0;
  const child = new KeptChild<PlayedLife>({
    ...{ part: 'guard', clock },
    start: () => {
      starts++;
      throw new Error('no memory for it');
    },
    onDied: () => {},
  });
  expect([child.keep(), child.problem]).toEqual([undefined, 'no memory for it']);
  await clock.pass(60_000);
  expect([starts > 5, starts <= 9]).toEqual([true, true]);
  await child.close();
  expect(clock.timers).toBe(0);
});

test.each([
  { name: 'cannot be started', start: () => raise('no memory for it') },
  { name: 'dies', start: (clock: VirtualClock) => new PlayedLife(clock, null, 10) },
])('Nothing is kept where the first one $name', async ({ start }) => {
  const clock = new VirtualClock();
  let starts = 0;
  const died: string[] = [];
  const child = new KeptChild<PlayedLife>({
    ...{ part: 'rtmp', clock },
    start: () => {
      starts++;
      return start(clock);
    },
    onDied: (_, { message }) => died.push(message),
  });
  const begun = child.begin();
  const rejected = expect(begun).rejects.toThrow(/no memory|ended/);
  await clock.pass(60_000);
  await rejected;
  expect([starts, died, clock.timers]).toEqual([1, [], 0]);
});

function raise(message: string): never {
  throw new Error(message);
}
