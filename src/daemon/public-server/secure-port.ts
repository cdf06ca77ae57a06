import type { IncomingMessage, RequestListener } from 'node:http';
import { constants, createSecureServer, type Http2SecureServer } from 'node:http2';
import type { Duplex } from 'node:stream';
import type { CertificateFiles } from '../../ingest/tls/watched-pair.ts';
import { BoundedResponse } from '../bounded-response.ts';
import { type TlsPlace, TlsPort } from '../tls-port.ts';
import type { ConnectionBudget } from './connection-budget.ts';
import type { ServerTimes } from './server-times.ts';

/** Requests of one HTTP/2 connection at once: a page asks for its few files, and a still. */
const maxConcurrentStreams = 16;
/** Of one request, in bytes: as HTTP/1.1 has it here. */
const maxHeaderListSize = 16 * 1024;
/** What one connection may hold in memory, in MB: the page and all its files, a few times. */
const maxSessionMemory = 4;
/** Frames of one connection that are no HTTP/2. */
const maxSessionInvalidFrames = 10;

/** Requests that are given up as soon as they are begun: so many at once, and in a second. */
const [streamResetBurst, streamResetRate] = [64, 16];

export interface SecurePortOptions extends TlsPlace {
  readonly times: ServerTimes;
  /** All clients come through it. */
  readonly isProxy: (address: string) => boolean;
  readonly handshakesAtOnce: number;
  readonly onRequest: RequestListener;
  /** Whether a request may become a WebSocket; only HTTP/1.1 has them here, as browsers know. */
  readonly mayUpgrade: (request: IncomingMessage) => boolean;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
}

/** HTTPS: HTTP/2, and HTTP/1.1 for WebSockets and for who has nothing else, with a certificate that may be renewed. */
export class SecurePort {
  readonly #tls: TlsPort;
  readonly #server: Http2SecureServer;

  private constructor(options: SecurePortOptions, tls: TlsPort) {
    this.#tls = tls;
    const { times, onRequest, mayUpgrade, onUpgrade, clock } = options;
    const { headersMs, requestMs, keepAliveMs, idleMs, checkMs } = times;
    const http1Options = {
      ...{ ServerResponse: BoundedResponse, headersTimeout: headersMs, requestTimeout: requestMs },
      ...{ keepAliveTimeout: keepAliveMs, connectionsCheckingInterval: checkMs },
    };
    const server = createSecureServer({
      ...{ ...tls.secureOptions, handshakeTimeout: headersMs, allowHTTP1: true },
      ...{ settings: { enablePush: false, maxConcurrentStreams, maxHeaderListSize } },
      ...{ maxSessionMemory, maxSessionInvalidFrames, streamResetBurst, streamResetRate },
      // Not among its types.
      ...{ http1Options },
    });
    server.setTimeout(idleMs);
    tls.pace(server);
    const begun = new WeakMap<object, number>();
    // HTTP/2 has no limit of its own for requests that are begun and given up, for one that never ends, and for an answer that nobody reads.
    server.on('stream', (stream) => {
      const { session } = stream;
      if (!session) return;
      const count = (begun.get(session) ?? 0) + 1;
      begun.set(session, count);
      // Not before others have had their turn.
      setImmediate(() => begun.set(session, (begun.get(session) ?? 1) - 1));
      if (count > maxConcurrentStreams) session.destroy();
      stream.setTimeout(idleMs, () => stream.close(constants.NGHTTP2_CANCEL));
      const timer = clock.after(requestMs, () => {
        if (!stream.endAfterHeaders && !stream.readableEnded) stream.close(constants.NGHTTP2_CANCEL);
      });
      stream.once('close', () => timer.cancel());
    });
    server.on('request', onRequest as unknown as Parameters<typeof server.on>[1]);
    server.on('upgrade', onUpgrade);
    Object.assign(server, { shouldUpgradeCallback: mayUpgrade });
    this.#server = server;
  }

  /** Reads its certificate; nobody can connect yet. @throws MiroliveError INVALID_CONFIG */
  static create(options: SecurePortOptions): SecurePort {
    const tls = TlsPort.create({ ...options, what: 'HTTPS', section: 'http.tls', hostKey: 'http.host' });
    return new SecurePort(options, tls);
  }

  /** The port that it has. */
  get port(): number {
    return this.#tls.port;
  }

  /** The first name that its certificate is for; null: it has none, or patterns only. */
  get name(): string | null {
    const { subjectAltName = '' } = this.#tls.certificate;
    const names = [...subjectAltName.matchAll(/(?:^|, )DNS:([\w.-]+)/g)].map(([, name = '']) => name);
    return names[0] ?? null;
  }

  /** Goes by these files from now on, and looks at them at once. */
  certify(files: CertificateFiles): void {
    this.#tls.certify(files);
  }

  /** Has all of its connections bounded from their first byte on. */
  boundBy(budget: ConnectionBudget): void {
    budget.watch(this.#server);
  }

  /** Listens, from now on. @throws MiroliveError PORT_IN_USE, INVALID_CONFIG */
  listen(): Promise<void> {
    return this.#tls.listen(this.#server);
  }

  /** Takes no more connections; those that are there are left to the budget. */
  close(): void {
    this.#tls.close();
  }
}
