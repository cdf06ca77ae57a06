import { EventEmitter } from 'node:events';
import { expect, test, vi } from 'vitest';
import type { WorkerSlot } from '../../../src/daemon/sfu/media-worker.ts';
import { WorkerLife } from '../../../src/daemon/sfu/worker-life.ts';
import { silentLog } from '../../helpers/state.ts';
import { VirtualClock } from '../../helpers/virtual-clock.ts';

/** A worker of no process, as this library gives it. */
class PlayedWorker extends EventEmitter {
  readonly pid = 4_194_304;
  readonly script = { answers: true, lateMs: 0, asked: 0, closed: 0 };
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    super();
    this.#clock = clock;
  }

  getResourceUsage(): Promise<void> {
    const { script } = this;
    script.asked++;
    if (!script.answers) return new Promise(() => {});
    return new Promise((resolve) => this.#clock.after(script.lateMs, resolve));
  }

  close(): void {
    this.script.closed++;
  }
}

/** A life of it, which begins after a second, and how often it was killed. */
async function played() {
  const clock = new VirtualClock();
  const worker = new PlayedWorker(clock);
  const starting = Promise.withResolvers<WorkerSlot>();
  clock.after(1000, () => starting.resolve({ worker } as unknown as WorkerSlot));
  const life = new WorkerLife(starting.promise, clock, silentLog);
  const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
    worker.emit('died', new Error('killed'));
    return true;
  });
  return { clock, worker, script: worker.script, life, kill, [Symbol.dispose]: () => kill.mockRestore() };
}

test('WorkerLife kills what does not answer any more, and asks it no longer', async () => {
  using one = await played();
  const { clock, script, life, kill, worker } = one;
  await clock.pass(60_000);
  expect([script.asked > 20, kill.mock.calls]).toEqual([true, []]);
  script.answers = false;
  await clock.pass(15_000);
  expect(kill.mock.calls).toEqual([[worker.pid, 'SIGKILL']]);
  expect(await life.ended).toMatchObject({ message: 'killed' });
  expect(clock.timers).toBe(0);
});

test('WorkerLife bears an answer that is late once', async () => {
  using one = await played();
  const { clock, script, kill } = one;
  script.answers = false;
  await clock.pass(8000);
  script.answers = true;
  await clock.pass(60_000);
  expect(kill).not.toHaveBeenCalled();
});

test('WorkerLife bears one that answers, though always later than it is asked again', async () => {
  using one = await played();
  const { clock, script, kill } = one;
  script.lateMs = 4000;
  await clock.pass(120_000);
  expect([script.asked > 10, kill.mock.calls]).toEqual([true, []]);
  script.answers = false;
  await clock.pass(20_000);
  expect(kill).toHaveBeenCalledTimes(1);
});

test('WorkerLife that dies by itself says why, and leaves no timer', async () => {
  using one = await played();
  const { clock, worker, life } = one;
  await clock.pass(5000);
  worker.emit('died', new Error('worker process died unexpectedly'));
  expect(await life.ended).toMatchObject({ message: 'worker process died unexpectedly' });
  expect(clock.timers).toBe(0);
});

test('WorkerLife that cannot begin ends', async () => {
  const life = new WorkerLife(Promise.reject(new Error('it does not start')), new VirtualClock(), silentLog);
  await expect(life.ready).rejects.toThrow('it does not start');
  expect(await life.ended).toMatchObject({ message: 'it does not start' });
});

test.each([
  { name: 'while it begins', afterMs: 500 },
  { name: 'while it runs', afterMs: 2000 },
])('WorkerLife that is closed $name leaves no worker and no timer', async ({ afterMs }) => {
  using one = await played();
  const { clock, script, life } = one;
  await clock.pass(afterMs);
  await life.close();
  await clock.pass(60_000);
  expect([script.closed, clock.timers, life.closed]).toEqual([1, 0, true]);
});
