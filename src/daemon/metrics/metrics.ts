import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Clock, Timer } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import type { HealthListener } from '../../ingest/child/restarts.ts';
import type { EventHub } from '../event-hub.ts';
import { LoopLag } from '../view/loop-lag.ts';
import type { Reported } from '../viewers/attendance.ts';
import { type Collection, createCollection } from './collection.ts';
import type { Figures } from './figures.ts';
import { contentType, type Form, formFor } from './registry.ts';

const part = 'metrics';
/** Who asks more often is told the same again, in ms: a flood costs no more than that. */
const freshMs = 1000;
/** Prometheus needs one connection, each of them. */
const maxConnections = 20;
/** A client that is slower is cut off, in ms. */
const requestMs = 5000;
/** How soon it is tried to listen again, in ms. */
const againMs = 10_000;

export interface MetricsOptions {
  readonly config: Config['metrics'];
  readonly hub: EventHub;
  readonly health: HealthListener;
  readonly clock: Clock;
  /** How things are now. @param nowMs by the monotonic clock */
  readonly measure: (nowMs: number) => Figures;
  /** Whether somebody has declared a room, or put something on air there. */
  readonly knows: (room: string) => boolean;
}

/** `/metrics` for Prometheus, on a port of its own. Nothing is counted, and nothing listens, where it is off. */
export class Metrics {
  readonly #options: MetricsOptions;
  readonly #collection: Collection;
  readonly #server: Server;
  readonly #lag = new LoopLag();
  readonly #stop: () => void;
  #setAtMs = Number.NEGATIVE_INFINITY;
  #set = Promise.resolve();
  #told: Partial<Record<Form, Promise<string>>> = {};
  #again: Timer | null = null;
  #failures = 0;
  #closed = false;

  private constructor(options: MetricsOptions, collection: Collection) {
    this.#options = options;
    this.#collection = collection;
    this.#stop = options.hub.listen((event) => collection.hear(event, options.clock.nowMs()));
    this.#lag.start();
    this.#server = createServer(
      { requestTimeout: requestMs, headersTimeout: requestMs },
      (request, response) => {
        const isAsked = request.method === 'GET' && request.url?.split('?')[0] === '/metrics';
        if (isAsked) return void this.#answer(formFor(request.headers.accept), response);
        response
          .writeHead(404, { 'content-type': 'text/plain', connection: 'close' })
          .end('There is /metrics only.\n');
      },
    );
    this.#server.maxConnections = maxConnections;
    this.#server.on('error', (error) => this.#failed(error));
    this.#server.on('listening', () => {
      this.#failures = 0;
      options.health.found(part);
    });
  }

  /** null: it is off. A port that is taken is told, and tried again: no viewer is the worse for it. */
  static async create(options: MetricsOptions): Promise<Metrics | undefined> {
    if (!options.config.enabled) return undefined;
    const metrics = new Metrics(options, await createCollection(options.knows));
    await metrics.#listen();
    return metrics;
  }

  /** The port that it has; null: none yet. */
  get port(): number | null {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : null;
  }

  /** A page has told how its viewer fares; `before` is what it had told. */
  reported(room: string, before: Reported, now: Reported): void {
    this.#collection.reported(room, before, now, this.#options.clock.nowMs());
  }

  /** What is answered now. */
  text(form: Form): Promise<string> {
    const nowMs = this.#options.clock.nowMs();
    if (nowMs - this.#setAtMs >= freshMs) {
      this.#setAtMs = nowMs;
      this.#told = {};
      this.#set = this.#collection.set(this.#options.measure(nowMs), this.#lag.look(), nowMs);
    }
    this.#told[form] ??= this.#set.then(() => this.#collection.text(form));
    return this.#told[form];
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#again?.cancel();
    this.#stop();
    this.#lag.stop();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #answer(form: Form, response: ServerResponse): Promise<void> {
    try {
      const text = await this.text(form);
      response.writeHead(200, { 'content-type': contentType[form] }).end(text);
    } catch (error) {
      // Each of the daemon's parts tells its own troubles: Prometheus counts this one as a target that is down.
      this.#setAtMs = Number.NEGATIVE_INFINITY;
      response.writeHead(500, { 'content-type': 'text/plain' }).end(`${(error as Error).message}\n`);
    }
  }

  async #listen(): Promise<void> {
    const { host, port } = this.#options.config;
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#server.off('error', done).off('listening', done);
        resolve();
      };
      this.#server.once('error', done).once('listening', done);
      this.#server.listen(port, host);
    });
  }

  #failed(error: Error): void {
    if (this.#closed || this.#server.listening) return;
    const { clock, health } = this.#options;
    this.#failures += 1;
    health.lost(part, { reason: error.message, failures: this.#failures, nextTryMs: againMs });
    this.#again = clock.after(againMs, () => void this.#listen());
  }
}
