import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { systemClock } from '../../../../src/contract/clock.ts';
import { SharedWakes } from '../../../../src/ingest/process/splicer/shared-wakes.ts';
import { VirtualClock } from '../../../helpers/virtual-clock.ts';

/** Wakes of a clock that counts how often it woke, and when what was promised came, in ms since the beginning. */
function wakes(earlyMs = 0) {
  const clock = new VirtualClock(1000);
  let woken = 0;
  const machine = {
    nowMs: () => clock.nowMs(),
    wallMs: () => clock.wallMs(),
    after: (ms: number, act: () => void) =>
      clock.after(ms > earlyMs ? ms - earlyMs : ms, () => {
        woken++;
        act();
      }),
  };
  const came: [string, number][] = [];
  const shared = new SharedWakes(machine);
  const promise = (name: string, ms: number) =>
    shared.after(ms, () => came.push([name, shared.nowMs() - 1000]));
  return { clock, shared, came, promise, woken: () => woken };
}

describe('SharedWakes', () => {
  test.each([
    { name: 'keeps a moment that is one of its own', asked: [20], expected: [20] },
    { name: 'puts off what lies between', asked: [16, 11.2, 8], expected: [10, 20, 20] },
    { name: 'does what lies near to each other in one', asked: [1, 6, 9.5, 10], expected: [10, 10, 10, 10] },
    { name: 'waits for what is far', asked: [3600_001], expected: [3600_010] },
    { name: 'does at once what is due', asked: [0, -7], expected: [0, 0] },
  ])('$name', async ({ asked, expected }) => {
    const { clock, came, promise } = wakes();
    for (const ms of asked) promise('it', ms);
    await clock.pass(4_000_000);
    expect(came.map(([, atMs]) => atMs)).toEqual(expected);
    expect(clock.timers).toBe(0);
  });

  test('wakes once for all that share a moment, in the order that they asked in', async () => {
    const { clock, came, promise, woken } = wakes();
    for (const name of ['a', 'b', 'c']) promise(name, 18);
    await clock.pass(100);
    expect(came.map(([name]) => name)).toEqual(['a', 'b', 'c']);
    expect(woken()).toBe(1);
  });

  test('keeps the distance of what comes every 20 ms', async () => {
    const { clock, shared } = wakes();
    const atMs: number[] = [];
    const step = () => {
      atMs.push(shared.nowMs());
      if (atMs.length < 100) shared.after(20, step);
    };
    shared.after(3.3, step);
    await clock.pass(3000);
    expect(new Set(atMs.slice(1).map((ms, index) => ms - (atMs[index] as number)))).toEqual(new Set([20]));
  });

  test('brings forward a wake for what is due sooner, and comes back to what was promised', async () => {
    const { clock, came, promise } = wakes();
    promise('late', 100);
    promise('soon', 10);
    await clock.pass(200);
    expect(came).toEqual([
      ['soon', 10],
      ['late', 100],
    ]);
  });

  test('does nothing that was called off, also by what came before it in the same moment', async () => {
    const { clock, shared, came, promise } = wakes();
    promise('off', 10).cancel();
    const last = { cancel: () => {} };
    shared.after(10, () => last.cancel());
    last.cancel = promise('off too', 10).cancel;
    await clock.pass(100);
    expect(came).toEqual([]);
  });

  test('keeps nothing of what was called off, however far it was', async () => {
    const { clock, shared, came, promise } = wakes();
    promise('it', 50);
    for (let minutes = 1; minutes <= 1000; minutes++) promise('off', minutes * 60_000).cancel();
    expect(shared.moments).toBe(1);
    await clock.pass(100);
    expect(came).toEqual([['it', 50]]);
    expect(clock.timers).toBe(0);
  });

  test('has a moment begun where the timer of the machine comes a little early', async () => {
    const { clock, came, promise, woken } = wakes(0.8);
    promise('it', 10);
    await clock.pass(100);
    expect(came).toEqual([['it', 10]]);
    expect(woken()).toBe(1);
  });

  test('waits on where the timer comes too early', async () => {
    const { clock, came, promise, woken } = wakes(3);
    promise('it', 10);
    await clock.pass(100);
    expect(came).toEqual([['it', 10]]);
    expect(woken()).toBe(2);
  });

  test('its time never goes back', async () => {
    const { clock, shared, promise } = wakes(0.8);
    promise('it', 10);
    await clock.pass(9.3);
    expect(shared.nowMs()).toBe(1010);
    await clock.pass(2);
    expect(shared.nowMs()).toBe(1011.3);
  });

  test('goes on with the rest where something throws', async () => {
    const { clock, shared, came, promise } = wakes();
    shared.after(10, () => {
      throw new Error('it broke');
    });
    promise('it', 20);
    await expect(clock.pass(15)).rejects.toThrow('it broke');
    await clock.pass(100);
    expect(came).toEqual([['it', 20]]);
  });

  test('does what else was promised for a moment in which something throws, once', async () => {
    const { clock, shared, came, promise } = wakes();
    promise('before', 10);
    shared.after(10, () => {
      promise('asked for meanwhile', 0);
      throw new Error('it broke');
    });
    for (const name of ['behind', 'last']) promise(name, 10);
    await expect(clock.pass(15)).rejects.toThrow('it broke');
    await clock.pass(100);
    expect(came.map(([name]) => name)).toEqual(['before', 'behind', 'last', 'asked for meanwhile']);
    expect(shared.moments).toBe(0);
  });

  test('hears of everything that throws in one moment', async () => {
    const { clock, shared, came, promise } = wakes();
    for (const name of ['one', 'other'])
      shared.after(10, () => {
        throw new Error(`${name} broke`);
      });
    promise('it', 10);
    await expect(clock.pass(15)).rejects.toThrow('one broke');
    await expect(clock.pass(15)).rejects.toThrow('other broke');
    await clock.pass(15);
    expect(came.map(([name]) => name)).toEqual(['it']);
  });

  test('waits for what is further off than a timer of the machine reaches', () => {
    vi.useFakeTimers();
    onTestFinished(() => void vi.useRealTimers());
    const days = 24 * 3600_000;
    let woken = 0;
    const shared = new SharedWakes({
      ...systemClock,
      after: (ms, act) =>
        systemClock.after(ms, () => {
          woken++;
          act();
        }),
    });
    let came = 0;
    shared.after(30 * days, () => came++);
    vi.advanceTimersByTime(29 * days);
    expect([came, woken]).toEqual([0, 0]);
    vi.advanceTimersByTime(days + 10);
    expect([came, woken]).toEqual([1, 1]);
  });
});
