import { expect, test } from 'vitest';
import { type Replaceable, WorkerPlace } from '../../../src/daemon/sfu/worker-place.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** A scripted process, and what was told of it. */
async function scripted() {
  const clock = new VirtualClock();
  const told: string[] = [];
  const script = {
    ...{
      startable: true,
      answers: true,
      faulty: false,
      lateMs: 0,
      starts: 0,
      asked: 0,
      killed: 0,
      closed: 0,
    },
    die: (_reason: string) => {},
  };
  const place = await WorkerPlace.create<Replaceable>({
    clock,
    random: () => 0,
    start: async () => {
      script.starts++;
      if (!script.startable) throw new Error('it does not start');
      return {
        onDied: (listener) => {
          script.die = listener;
        },
        ask: () => {
          script.asked++;
          return script.answers
            ? new Promise<void>((resolve) => clock.after(script.lateMs, resolve))
            : new Promise(() => {});
        },
        kill: () => {
          script.killed++;
          script.answers = true;
          script.die('killed');
        },
        close: () => script.closed++,
      };
    },
    onUp: () => {
      told.push('up');
      if (script.faulty) throw new Error('a fault');
    },
    onFault: (error) => told.push(String(error)),
    onGone: (_, reason) => told.push(`gone: ${reason}`),
    onTrouble: ({ reason, failures, nextTryMs }) => told.push(`${failures}: ${reason}, ${nextTryMs} ms`),
  });
  return { clock, told, script, place };
}

test('WorkerPlace replaces what dies for the first time at once, and tells no trouble', async () => {
  const { clock, told, script, place } = await scripted();
  script.die('killed');
  expect(place.one).toBeNull();
  await clock.pass(0);
  expect(told).toEqual(['up', 'gone: killed', 'up']);
  place.close();
});

test('WorkerPlace tries with back-off for as long as it cannot be started, and is up by itself when it can', async () => {
  const { clock, told, script, place } = await scripted();
  script.startable = false;
  script.die('killed');
  await clock.pass(60_000);
  expect(script.starts).toBe(1 + 7);
  expect(told.slice(2, 5)).toEqual([
    '2: it does not start, 500 ms',
    '3: it does not start, 1000 ms',
    '4: it does not start, 2000 ms',
  ]);
  script.startable = true;
  await clock.pass(30_000);
  expect(told.at(-1)).toBe('up');
  place.close();
});

test('WorkerPlace waits longer each time where what it starts dies again at once', async () => {
  const { clock, script, place } = await scripted();
  for (let minute = 0; minute < 60_000; minute += 100) {
    if (place.one) script.die('again');
    await clock.pass(100);
  }
  expect(script.starts).toBeLessThan(12);
  place.close();
});

test('WorkerPlace starts nothing once it is closed, and leaves no timer; close() is idempotent', async () => {
  const { clock, script, place } = await scripted();
  script.startable = false;
  script.die('killed');
  await clock.pass(5000);
  const { starts } = script;
  place.close();
  place.close();
  await clock.pass(60_000);
  expect([script.starts, clock.timers]).toEqual([starts, 0]);
});

test('WorkerPlace closes what was started while it was closed', async () => {
  const { clock, script, place } = await scripted();
  script.die('killed');
  const passing = clock.pass(0);
  place.close();
  await passing;
  expect(place.one).toBeNull();
  expect(clock.timers).toBe(0);
});

test('WorkerPlace kills what does not answer any more, and starts another one', async () => {
  const { clock, told, script, place } = await scripted();
  await clock.pass(60_000);
  expect([script.asked > 20, script.killed]).toEqual([true, 0]);
  script.answers = false;
  await clock.pass(15_000);
  expect([script.killed, script.starts]).toEqual([1, 2]);
  expect(told).toEqual(['up', 'gone: killed', 'up']);
  await clock.pass(60_000);
  expect(script.killed).toBe(1);
  place.close();
  expect(clock.timers).toBe(0);
});

test('WorkerPlace bears an answer that is late once', async () => {
  const { clock, script, place } = await scripted();
  script.answers = false;
  await clock.pass(7000);
  script.answers = true;
  await clock.pass(60_000);
  expect([script.killed, script.starts]).toEqual([0, 1]);
  place.close();
});

test('WorkerPlace bears one that answers, though always later than it is asked again', async () => {
  const { clock, script, place } = await scripted();
  script.lateMs = 4000;
  await clock.pass(120_000);
  expect([script.asked > 10, script.killed]).toEqual([true, 0]);
  script.answers = false;
  await clock.pass(20_000);
  expect(script.killed).toBe(1);
  place.close();
});

test('WorkerPlace starts no second one where whoever hears of the first throws', async () => {
  const { clock, told, script, place } = await scripted();
  script.faulty = true;
  script.die('killed');
  await clock.pass(60_000);
  expect(told).toEqual(['up', 'gone: killed', 'up', 'Error: a fault']);
  expect([script.starts, place.one !== null]).toEqual([2, true]);
  place.close();
});
