import { EventEmitter } from 'node:events';
import { availableParallelism } from 'node:os';
import type { Logger } from 'pino';
import { type LocatedWorker, locateWorker, workerCapabilities } from '#native/mediasoup-worker/locate.mjs';
import { type Clock, systemClock } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import { emitToAll } from '../../contract/do-all.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { WorkerBinary } from '../../contract/models.ts';
import { KeptChild } from '../../ingest/child/kept-child.ts';
import type { Health } from '../health.ts';
import { startWorker, type WorkerSlot } from './media-worker.ts';
import { WorkerLife } from './worker-life.ts';

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

/** The mediasoup workers of a node, one per core; one that dies or hangs is replaced, and missed where it cannot be. */
export class WorkerPool extends EventEmitter<PoolEvents> {
  readonly #workers: readonly KeptChild<WorkerLife>[];
  readonly #located: LocatedWorker;
  readonly #health: WorkerPoolOptions['health'];
  #capabilities: WorkerBinary['capabilities'] = null;

  private constructor(options: WorkerPoolOptions, located: LocatedWorker) {
    super();
    this.setMaxListeners(0);
    this.#located = located;
    this.#health = options.health;
    const length = options.config.workers.count ?? availableParallelism();
    this.#workers = Array.from({ length }, (_, index) => this.#keep(options, located, index));
  }

  /** Starts nothing yet. @throws MiroliveError WORKER_NOT_FOUND */
  static create(options: WorkerPoolOptions): WorkerPool {
    const { config, env } = options;
    const located = locateWorker({ workerBin: config.workers.bin ?? undefined, env });
    if (!located)
      throw new MiroliveError('WORKER_NOT_FOUND', 'expected a mediasoup-worker binary, found none');
    return new WorkerPool(options, located);
  }

  /** Resolves when all of them run; from then on they are missed where they do not. Where one cannot be started, none is. */
  async begin(): Promise<void> {
    void workerCapabilities(this.#located.path).then((capabilities) => {
      this.#capabilities = capabilities ?? null;
    });
    const begun = await Promise.allSettled(this.#workers.map((worker) => worker.begin()));
    const failed = begun.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') {
      await this.close();
      throw failed.reason;
    }
    this.#health.need('worker', () => this.slots.length > 0);
  }

  /** What the workers are. */
  get binary(): WorkerBinary {
    return { ...this.#located, capabilities: this.#capabilities };
  }

  /** The workers that run now. */
  get slots(): readonly WorkerSlot[] {
    // Its routers tell of a death before it does itself.
    return this.#workers.flatMap(({ life }) => life?.slot ?? []).filter(({ worker }) => !worker.closed);
  }

  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.close()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #keep(
    { config, log, health, clock = systemClock }: WorkerPoolOptions,
    located: LocatedWorker,
    index: number,
  ): KeptChild<WorkerLife> {
    const part = `worker ${index + 1}`;
    return new KeptChild<WorkerLife>({
      ...{ part, clock, health },
      start: () => {
        const life = new WorkerLife(startWorker(located, config, index, clock), clock, log);
        life.ready.then(
          (slot) => emitToAll(this, 'up', slot),
          () => {},
        ); // It is tried again.
        return life;
      },
      onDied: ({ slot }, { message }) => slot && this.emit('died', slot, message),
    });
  }
}

/** No worker runs now. */
export function noWorker(): MiroliveError {
  return new MiroliveError('NO_WORKER', 'expected a mediasoup worker that runs, there is none now');
}
