import { EventEmitter } from 'node:events';
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import { locateWorker } from '../../../native/mediasoup-worker/locate.mjs';
import { type Clock, systemChance, systemClock } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { Health } from '../health.ts';
import { startWorker, type WorkerSlot } from './media-worker.ts';
import { type Replaceable, WorkerPlace } from './worker-place.ts';

interface PoolEvents {
  /** A worker process is gone, and everything on it; why. */
  died: [WorkerSlot, string];
  /** There is another one: rooms that found none may try again. */
  up: [WorkerSlot];
}

export interface WorkerPoolOptions {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  readonly health: Pick<Health, 'lost' | 'found' | 'need'>;
  readonly clock?: Clock;
}

type Worker = WorkerSlot & Replaceable;

/** The mediasoup workers of a node, one per core; one that dies or hangs is replaced, and missed where it cannot be. */
export class WorkerPool extends EventEmitter<PoolEvents> {
  readonly #places: (WorkerPlace<Worker> | null)[] = [];

  private constructor() {
    super();
    this.setMaxListeners(0);
  }

  static async create(options: WorkerPoolOptions): Promise<WorkerPool> {
    const { config, env } = options;
    const located = locateWorker({ workerBin: config.workers.bin ?? undefined, env });
    if (!located)
      throw new MiroliveError('WORKER_NOT_FOUND', 'expected a mediasoup-worker binary, found none');
    const pool = new WorkerPool();
    const count = config.workers.count ?? availableParallelism();
    const places = await Promise.allSettled(
      Array.from({ length: count }, (_, index) => pool.#place(options, located.path, index)),
    );
    pool.#places.push(...places.map((place) => (place.status === 'fulfilled' ? place.value : null)));
    const failed = places.find((place) => place.status === 'rejected');
    if (failed) {
      await pool.close();
      throw failed.reason;
    }
    options.health.need('worker', () => pool.slots.length > 0);
    return pool;
  }

  /** The workers that run now. */
  get slots(): readonly WorkerSlot[] {
    // Its routers tell of a death before it does itself.
    return this.#places.flatMap((place) => place?.one ?? []).filter(({ worker }) => !worker.closed);
  }

  async close(): Promise<void> {
    for (const place of this.#places) place?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #place(
    { config, log, health, clock = systemClock }: WorkerPoolOptions,
    bin: string,
    index: number,
  ): Promise<WorkerPlace<Worker>> {
    const part = `worker ${index + 1}`;
    return WorkerPlace.create<Worker>({
      clock,
      random: systemChance,
      start: async () => replaceable(await startWorker(bin, config, index, clock), log),
      onUp: (slot) => {
        health.found(part);
        this.emit('up', slot);
      },
      onGone: (slot, reason) => {
        this.emit('died', slot, reason);
      },
      onTrouble: (trouble) => health.lost(part, trouble),
      onFault: (error) => log.error({ err: error, part }, 'a room could not use a new worker'),
    });
  }
}

/** No worker runs now. */
export function noWorker(): MiroliveError {
  return new MiroliveError('NO_WORKER', 'expected a mediasoup worker that runs, there is none now');
}

function replaceable(slot: WorkerSlot, log: Logger): Worker {
  const { worker } = slot;
  return {
    ...slot,
    onDied: (listener) => worker.once('died', ({ message }) => listener(message)),
    ask: () => worker.getResourceUsage(),
    kill: () => {
      log.error({ workerPid: worker.pid }, 'a mediasoup worker does not answer, and is killed');
      process.kill(worker.pid, 'SIGKILL');
    },
    close: () => worker.close(),
  };
}
