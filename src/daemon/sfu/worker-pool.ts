import { EventEmitter } from 'node:events';
import { availableParallelism } from 'node:os';
import type { types } from 'mediasoup';
import * as mediasoup from 'mediasoup';
import type { Logger } from 'pino';
import { locateWorker } from '../../../native/mediasoup-worker/locate.mjs';
import type { Config } from '../../contract/config.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import { mediaAddresses } from './addresses.ts';

/** A mediasoup Worker with its WebRtcServer: one UDP and one TCP port for all the viewers on it. */
export interface WorkerSlot {
  readonly worker: types.Worker;
  readonly server: types.WebRtcServer;
  readonly port: number;
}

interface PoolEvents {
  /** A worker process is gone, and everything on it; a new one is being made. */
  died: [WorkerSlot];
}

export interface WorkerPoolOptions {
  readonly config: Config;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
}

/** The mediasoup workers of a node, one per core; a worker that dies is replaced. */
export class WorkerPool extends EventEmitter<PoolEvents> {
  readonly #options: WorkerPoolOptions;
  readonly #workerBin: string;
  readonly #slots: WorkerSlot[] = [];
  #closed = false;

  private constructor(options: WorkerPoolOptions, workerBin: string) {
    super();
    this.#options = options;
    this.#workerBin = workerBin;
  }

  static async create(options: WorkerPoolOptions): Promise<WorkerPool> {
    const { config, env } = options;
    const located = locateWorker({ workerBin: config.workers.bin ?? undefined, env });
    if (!located)
      throw new MiroliveError('WORKER_NOT_FOUND', 'expected a mediasoup-worker binary, found none');
    const pool = new WorkerPool(options, located.path);
    try {
      const count = config.workers.count ?? availableParallelism();
      const slots = await Promise.all(Array.from({ length: count }, (_, index) => pool.#createSlot(index)));
      pool.#slots.push(...slots);
    } catch (error) {
      await pool.close();
      throw error;
    }
    return pool;
  }

  get slots(): readonly WorkerSlot[] {
    return this.#slots;
  }

  async close(): Promise<void> {
    this.#closed = true;
    for (const { worker } of this.#slots.splice(0)) worker.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #createSlot(index: number): Promise<WorkerSlot> {
    const { config, log } = this.#options;
    const worker = await mediasoup.createWorker({
      workerBin: this.#workerBin,
      logLevel: 'warn',
      logTags: ['ice', 'dtls', 'rtp', 'srtp', 'rtcp'],
    });
    try {
      const server = await worker.createWebRtcServer({ listenInfos: listenInfos(config, index) });
      const slot = { worker, server, port: await firstPort(server) };
      worker.once('died', (error) => {
        log.error({ pid: worker.pid, err: error }, 'a mediasoup worker died');
        void this.#replace(slot, index);
      });
      return slot;
    } catch (error) {
      worker.close();
      const wanted = config.webrtc.port + index;
      if (/in use/i.test(String(error))) {
        throw new MiroliveError(
          'PORT_IN_USE',
          `expected UDP and TCP port ${wanted} to be free for media, something holds it`,
          {
            cause: error,
            details: { key: 'webrtc.port' },
          },
        );
      }
      throw asMiroliveError(error);
    }
  }

  async #replace(slot: WorkerSlot, index: number): Promise<void> {
    if (this.#closed) return;
    try {
      const fresh = await this.#createSlot(index);
      if (this.#closed) {
        fresh.worker.close();
        return;
      }
      this.#slots.splice(this.#slots.indexOf(slot), 1, fresh);
    } catch (error) {
      this.#options.log.fatal({ err: error }, 'a mediasoup worker could not be replaced');
      this.#slots.splice(this.#slots.indexOf(slot), 1);
    }
    this.emit('died', slot);
  }
}

function listenInfos(config: Config, index: number): types.TransportListenInfo[] {
  const port = config.webrtc.port === 0 ? {} : { port: config.webrtc.port + index };
  return mediaAddresses(config.webrtc).flatMap((address) =>
    (['udp', 'tcp'] as const).map((protocol) => ({ protocol, ...address, ...port })),
  );
}

async function firstPort(server: types.WebRtcServer): Promise<number> {
  const { udpSockets } = await server.dump();
  return udpSockets[0]?.port ?? 0;
}
