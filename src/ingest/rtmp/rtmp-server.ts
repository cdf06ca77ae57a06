import { EventEmitter } from 'node:events';
import type { Logger } from 'pino';
import { BackOff } from '../../contract/back-off.ts';
import { type Clock, systemClock } from '../../contract/clock.ts';
import { type ErrorCode, MiroliveError } from '../../contract/errors.ts';
import type { HealthListener } from '../pool/health-listener.ts';
import type { Leave, PublishRequest, Refusal, RtmpListening, RtmpReport, RtmpSettings } from './messages.ts';
import { RtmpChild } from './rtmp-child.ts';

export interface RtmpServerOptions {
  readonly settings: RtmpSettings;
  /** Gives the id of the publication, which nobody else has; throws where it is refused, PUBLISHER_CONFLICT and LIMIT_REACHED for what may be told. */
  readonly authorise: (request: PublishRequest) => string;
  readonly log: Logger;
  readonly clock?: Clock;
  /** Hears of `rtmp`. */
  readonly health?: HealthListener;
}

interface RtmpServerEvents {
  /** The media of somebody who was authorised comes, and ffmpeg may pull it. */
  publish: [{ readonly id: string; readonly pullUrl: string }];
  /** Somebody who was authorised is gone, whether its media came or not. */
  unpublish: [id: string, reason: Leave | 'died'];
  /** Nothing comes from it any more, or it does again. */
  silent: [id: string, silent: boolean];
  /** The process died, and its connections with it; a new one is on its way. */
  died: [{ readonly pid: number; readonly message: string }];
  back: [{ readonly pid: number }];
}

/**
 * Takes publishers in by RTMP and RTMPS. The protocol is spoken in a process of its own, since it faces the internet; when it
 * dies it is started anew, on the same ports, and publishers come back by themselves.
 */
export class RtmpServer extends EventEmitter<RtmpServerEvents> {
  readonly #options: RtmpServerOptions;
  /** Who was authorised and is not gone. */
  readonly #present = new Set<string>();
  readonly #closing = new AbortController();
  readonly #clock: Clock;
  readonly #backOff = new BackOff();
  #child: RtmpChild | undefined;
  #listening: RtmpListening = { port: 0, tlsPort: null, pullPort: 0 };

  private constructor(options: RtmpServerOptions) {
    super();
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /** Begins to listen. @throws MiroliveError PORT_IN_USE, INVALID_CONFIG */
  static async create(options: RtmpServerOptions): Promise<RtmpServer> {
    const server = new RtmpServer(options);
    try {
      await server.#start(options.settings);
    } catch (error) {
      await server.close();
      throw error;
    }
    return server;
  }

  get port(): number {
    return this.#listening.port;
  }

  /** null: there is no RTMPS. */
  get tlsPort(): number | null {
    return this.#listening.tlsPort;
  }

  /** The process that speaks RTMP now. */
  get pid(): number {
    return this.#child?.pid ?? -1;
  }

  /** Cuts a publisher off; harmless where it is gone. */
  end(id: string): void {
    this.#child?.send({ type: 'end', id });
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#child?.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Starts the process; resolves when it listens, rejects when it cannot. */
  async #start(settings: RtmpSettings): Promise<void> {
    const listening = Promise.withResolvers<RtmpListening>();
    const child = new RtmpChild((report) => {
      if (report.type === 'listening') listening.resolve(report.listening);
      else if (report.type === 'failed') listening.reject(startError(report, settings));
      else this.#handle(child, report);
    });
    this.#child = child;
    child.send({ type: 'listen', settings });
    void child.ended.then((message) => listening.reject(new Error(message)));
    try {
      this.#listening = await listening.promise;
    } catch (error) {
      await child.close();
      throw error;
    }
    this.#backOff.started(this.#clock.nowMs());
    void child.ended.then((message) => this.#died(child, message));
  }

  #handle(child: RtmpChild, report: Exclude<RtmpReport, { type: 'pong' | 'listening' | 'failed' }>): void {
    switch (report.type) {
      case 'ask':
        this.#answer(child, report.call, report.request);
        return;
      case 'published': {
        const { id, room, token } = report;
        const pullUrl = `rtmp://127.0.0.1:${this.#listening.pullPort}/${room}/${id}?token=${token}`;
        if (this.#present.has(id)) this.emit('publish', { id, pullUrl });
        return;
      }
      case 'unpublished':
        if (this.#present.delete(report.id)) this.emit('unpublish', report.id, report.reason);
        return;
      case 'silent':
        this.emit('silent', report.id, report.silent);
        return;
      case 'warning':
        this.#options.log.warn(report.message);
    }
  }

  #answer(child: RtmpChild, call: number, request: PublishRequest): void {
    try {
      const id = this.#options.authorise(request);
      this.#present.add(id);
      child.send({ type: 'answer', call, id });
    } catch (error) {
      const code = error instanceof MiroliveError ? error.code : 'INTERNAL';
      child.send({ type: 'answer', call, refusal: toldRefusals[code] ?? 'refused' });
    }
  }

  async #died(child: RtmpChild, message: string): Promise<void> {
    const { signal } = this.#closing;
    if (signal.aborted) return;
    this.#options.log.error(
      { rtmpPid: child.pid, reason: message },
      'the RTMP server died; it is started anew',
    );
    this.emit('died', { pid: child.pid, message });
    for (const id of this.#present) this.emit('unpublish', id, 'died');
    this.#present.clear();
    const { port, tlsPort } = this.#listening;
    const { settings } = this.#options;
    const same = { ...settings, port, tls: settings.tls && { ...settings.tls, port: tlsPort ?? 0 } };
    this.#failed(message);
    while (!signal.aborted) {
      await this.#pause(this.#backOff.state.delayMs);
      if (signal.aborted) return;
      try {
        await this.#start(same);
        this.#options.health?.found('rtmp');
        this.emit('back', { pid: this.pid });
        return;
      } catch (error) {
        this.#options.log.error({ err: error }, 'the RTMP server does not start');
        this.#failed(error instanceof Error ? error.message : String(error));
      }
    }
  }

  /** One that is replaced at once is not missed. */
  #failed(reason: string): void {
    const nextTryMs = this.#backOff.failed(this.#clock.nowMs());
    const { failures } = this.#backOff.state;
    if (nextTryMs > 0) this.#options.health?.lost('rtmp', { reason, failures, nextTryMs });
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = this.#clock.after(ms, resolve);
    this.#closing.signal.addEventListener('abort', () => resolve(), { once: true });
    await promise;
    timer.cancel();
  }
}

/** Refusals that whoever holds a valid key is told. */
const toldRefusals: Partial<Record<ErrorCode, Refusal>> = {
  PUBLISHER_CONFLICT: 'conflict',
  LIMIT_REACHED: 'tooMuch',
};

function startError(
  { key, code, message }: Extract<RtmpReport, { type: 'failed' }>,
  { port, tls }: RtmpSettings,
): MiroliveError {
  if (code === 'EADDRINUSE') {
    const [name, wanted] = key === 'rtmp.tls' ? ['rtmp.tls.port', tls?.port] : ['rtmp.port', port];
    return new MiroliveError(
      'PORT_IN_USE',
      `expected port ${wanted} to be free for RTMP, something holds it`,
      {
        details: { key: name as string },
      },
    );
  }
  return new MiroliveError('INVALID_CONFIG', `RTMP cannot listen: ${message}`, {
    hint: `Check the section ${key} of the configuration; then run: mirolive doctor`,
  });
}
