import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';

/** That somebody was kept waiting: until when, on the clock of performance.now(), and for how long, in ms. */
export interface Wait {
  readonly atMs: number;
  readonly ms: number;
}

/** How often it looks at the clock, in ms; who comes later by less is in time. */
const everyMs = 20;

/**
 * A thread that does nothing but look at the clock. By nothing else is it seen that a virtual machine was given no turn by its host,
 * since its processes seem to run meanwhile. Where it waited for a CPU that others of this machine had, that was its own turn alone.
 */
export class Witness implements Disposable {
  readonly #worker: Worker;
  readonly #told: MessageChannel['port1'];
  readonly #waits: Wait[] = [];

  constructor() {
    const { port1, port2 } = new MessageChannel();
    this.#told = port1;
    this.#worker = new Worker(watch, {
      ...{ eval: true, workerData: { everyMs, told: port2 }, transferList: [port2] },
    });
    this.#worker.unref();
  }

  /** How long the machine stood still since a moment of performance.now(), each time. */
  since(sinceMs: number): readonly Wait[] {
    for (let told = receiveMessageOnPort(this.#told); told; told = receiveMessageOnPort(this.#told)) {
      const { at, lateMs, waitedMs } = told.message as Readonly<Record<'at' | 'lateMs' | 'waitedMs', number>>;
      const ms = stoodStillMs(lateMs, waitedMs);
      if (ms > 0) this.#waits.push({ atMs: at - performance.timeOrigin, ms });
    }
    return this.#waits.filter(({ atMs }) => atMs >= sinceMs);
  }

  [Symbol.dispose](): void {
    this.#told.close();
    void this.#worker.terminate();
  }
}

/** What of a thread's lateness the machine stood still, in ms: the kernel counts how long the thread itself waited for a CPU. */
export function stoodStillMs(lateMs: number, waitedMs: number): number {
  const ms = lateMs - waitedMs;
  return ms > everyMs ? ms : 0;
}

/** What the thread runs. Its clock began later than that of the process: it tells moments by the one that both know. */
const watch = `
  const { readFileSync } = require('node:fs');
  const { workerData: { everyMs, told } } = require('node:worker_threads');
  const asleep = new Int32Array(new SharedArrayBuffer(4));
  const waitedForCpu = () => Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[1]) / 1e6;
  for (let waited = waitedForCpu(); ; ) {
    const before = performance.now();
    Atomics.wait(asleep, 0, 0, everyMs);
    const lateMs = performance.now() - before - everyMs;
    const waitedMs = -waited + (waited = waitedForCpu());
    if (lateMs > everyMs) told.postMessage({ at: performance.timeOrigin + performance.now(), lateMs, waitedMs });
  }
`;
