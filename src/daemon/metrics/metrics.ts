import { createServer, type Server } from 'node:http';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock, Timer } from '../../contract/clock.ts';
import type { Config } from '../../contract/config.ts';
import type { HealthListener } from '../../ingest/child/restarts.ts';
import type { EventHub } from '../event-hub.ts';
import { exposition, expositionType } from './exposition.ts';
import { families } from './families.ts';
import type { Figures } from './figures.ts';

const part = 'metrics';
/** Who asks more often is told the same again, in ms: a flood costs no more than that. */
const freshMs = 1000;
/** Prometheus needs one connection, each of them. */
const maxConnections = 20;
/** A client that is slower is cut off, in ms. */
const requestMs = 5000;
/** How soon it is tried to listen again, in ms. */
const againMs = 10_000;
/** How often a timer is to come, in ms: how late it is, is the lag. */
const lagMs = 20;

export interface MetricsOptions {
  readonly config: Config['metrics'];
  readonly hub: EventHub;
  readonly health: HealthListener;
  readonly clock: Clock;
  readonly measure: () => Omit<Figures, 'events' | 'lag'>;
  /** Whether somebody has declared a room, or put something on air there. */
  readonly knows: (room: string) => boolean;
}

/** `/metrics` for Prometheus, on a port of its own. Nothing is counted, and nothing listens, where it is off. */
export class Metrics {
  readonly #options: MetricsOptions;
  readonly #server: Server;
  readonly #lag = monitorEventLoopDelay({ resolution: lagMs });
  readonly #events = new Map<string, number>();
  readonly #stop: () => void;
  #told: { readonly atMs: number; readonly text: string } | null = null;
  #again: Timer | null = null;
  #failures = 0;
  #closed = false;

  private constructor(options: MetricsOptions) {
    this.#options = options;
    this.#stop = options.hub.listen(({ type }) => {
      this.#events.set(type, (this.#events.get(type) ?? 0) + 1);
    });
    this.#lag.enable();
    this.#server = createServer(
      { requestTimeout: requestMs, headersTimeout: requestMs },
      (request, response) => {
        const isAsked = request.method === 'GET' && request.url?.split('?')[0] === '/metrics';
        if (!isAsked) {
          response
            .writeHead(404, { 'content-type': 'text/plain', connection: 'close' })
            .end('There is /metrics only.\n');
          return;
        }
        response.writeHead(200, { 'content-type': expositionType }).end(this.text());
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
    const metrics = new Metrics(options);
    await metrics.#listen();
    return metrics;
  }

  /** The port that it has; null: none yet. */
  get port(): number | null {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : null;
  }

  /** What is answered now. */
  text(): string {
    const { clock, measure, knows } = this.#options;
    const nowMs = clock.nowMs();
    if (this.#told === null || nowMs - this.#told.atMs >= freshMs) {
      const figures = { ...measure(), events: this.#events, lag: this.#lagNow() };
      this.#told = { atMs: nowMs, text: exposition(families(figures, knows)) };
    }
    return this.#told.text;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#again?.cancel();
    this.#stop();
    this.#lag.disable();
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
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

  /** It counts in ns, and its own interval too. */
  #lagNow(): Figures['lag'] {
    if (this.#lag.count === 0) return null;
    const late = (percentile: number) => Math.max(0, this.#lag.percentile(percentile) / 1e9 - lagMs / 1000);
    const lag = { '0.5': late(50), '0.99': late(99), '1': late(100) };
    this.#lag.reset();
    return lag;
  }
}
