import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Clock } from '../../../contract/clock.ts';
import { MiroliveError } from '../../../contract/errors.ts';
import { routes } from '../../../contract/routes.ts';
import type { HealthListener } from '../../../ingest/child/restarts.ts';
import { type CertificateFiles, WatchedPair } from '../../../ingest/tls/watched-pair.ts';
import { BoundedResponse } from '../../bounded-response.ts';
import { ConnectionBudget } from '../../public-server/connection-budget.ts';
import { listenError } from '../../public-server/listen-error.ts';
import type { CallerOf } from '../callers.ts';

const minVersion = 'TLSv1.2';
/** Where what goes on is sent. */
const goesOn = new RegExp(`^${routes.writeStdin.path.replace(/:\w+$/, '')}[a-z0-9]+$`);
/** What operators are told of its certificate as. */
const certificatePart = 'control.tls.cert';

/** How long a client may take, in ms, and how many there may be. */
export interface ControlPortBounds {
  /** From the connection to the end of the TLS handshake. */
  readonly handshakeMs: number;
  /** From there, or from the end of the request before, to the end of a request's headers. */
  readonly headersMs: number;
  /** From its beginning to the end of a request's body, unless its call takes bytes. */
  readonly requestMs: number;
  readonly keepAliveMs: number;
  /** How often headers are looked at. */
  readonly checkMs: number;
  /** What has been silent for so long is asked whether it is there still: of streams nobody hears otherwise that they are over. */
  readonly probeMs: number;
  readonly connections: number;
  /** From one network: a /24 of IPv4, a /64 of IPv6. */
  readonly connectionsPerNetwork: number;
}

/** Those of every daemon. */
export const usualBounds: ControlPortBounds = {
  handshakeMs: 5000,
  headersMs: 5000,
  requestMs: 60_000,
  keepAliveMs: 5000,
  checkMs: 1000,
  probeMs: 30_000,
  connections: 256,
  connectionsPerNetwork: 64,
};

export interface ControlPortOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly files: CertificateFiles;
  readonly callerOf: CallerOf;
  readonly clock: Clock;
  /** Hears of `control.tls.cert`. */
  readonly health: HealthListener;
  readonly bounds?: Partial<ControlPortBounds>;
}

/** The control API's TCP port: TLS, few connections at once, and none for long that says nothing. */
export class ControlPort {
  readonly #options: ControlPortOptions;
  readonly #pair: WatchedPair;
  readonly #bounds: ControlPortBounds;
  readonly #sockets = new WeakSet<Socket>();
  #server: Server | undefined;
  #budget: ConnectionBudget | undefined;

  private constructor(options: ControlPortOptions, pair: WatchedPair) {
    this.#options = options;
    this.#pair = pair;
    this.#bounds = { ...usualBounds, ...options.bounds };
  }

  /** Reads its certificate; nobody can connect yet. @throws MiroliveError INVALID_CONFIG */
  static create(options: ControlPortOptions): ControlPort {
    const { clock, files, health } = options;
    try {
      const pair = new WatchedPair({
        ...{ clock, files, who: 'the control API' },
        tell: (trouble) => (trouble ? health.lost(certificatePart, trouble) : health.found(certificatePart)),
      });
      return new ControlPort(options, pair);
    } catch (cause) {
      throw new MiroliveError(
        'INVALID_CONFIG',
        `expected a certificate and its key in control.tls: ${(cause as Error).message}`,
        { cause, hint: 'Check control.tls.cert and control.tls.key; then run: mirolive doctor' },
      );
    }
  }

  /** The SHA-256 print of the certificate that it shows now, as OpenSSL writes it: `AB:CD:…`. */
  get fingerprint(): string {
    return new X509Certificate(this.#pair.held.cert).fingerprint256;
  }

  /** The port that it has. */
  get port(): number {
    return (this.#server?.address() as AddressInfo | null)?.port ?? this.#options.port;
  }

  /** Whether a connection came by it. */
  has(socket: Socket): boolean {
    return this.#sockets.has(socket);
  }

  /** Who makes a request that came by it. */
  get callerOf(): CallerOf {
    return this.#options.callerOf;
  }

  /** Goes by these files from now on, and looks at them at once. */
  certify(files: CertificateFiles): void {
    this.#pair.certify(files);
  }

  /** Listens, from now on. @throws MiroliveError PORT_IN_USE, INVALID_CONFIG */
  async listen(listener: RequestListener): Promise<void> {
    const { host, port } = this.#options;
    const { handshakeMs, headersMs, keepAliveMs, checkMs, probeMs } = this.#bounds;
    const server = createServer(
      {
        ...this.#pair.held,
        ...{ minVersion, handshakeTimeout: handshakeMs, ServerResponse: BoundedResponse },
        ...{ headersTimeout: headersMs, keepAliveTimeout: keepAliveMs, connectionsCheckingInterval: checkMs },
        // Node's would be for all requests; `#bound` knows those that go on.
        requestTimeout: 0,
        ...{ keepAlive: true, keepAliveInitialDelay: probeMs, noDelay: true },
      },
      (request, response) => {
        this.#bound(request);
        listener(request, response);
      },
    );
    this.#server = server;
    const { connections: max, connectionsPerNetwork: maxPerNetwork } = this.#bounds;
    this.#budget = new ConnectionBudget({ max, maxPerNetwork, isProxy: () => false });
    this.#budget.watch(server);
    server.on('secureConnection', (socket) => this.#sockets.add(socket));
    server.listen({ host, port });
    await once(server, 'listening').catch((error) => {
      throw listenError(error, {
        ...{ what: 'the control API', portKey: 'control.tls.port', port },
        ...{ hostKey: 'control.tls.host', host },
      });
    });
    this.#pair.watch((fresh) => server.setSecureContext({ ...fresh, minVersion }));
  }

  /** Ends whoever takes too long to send what he asks; not who sends what goes on. */
  #bound(request: IncomingMessage): void {
    if (goesOn.test(request.url ?? '')) return;
    const { clock } = this.#options;
    const timer = clock.after(this.#bounds.requestMs, () => {
      // One without a body is whole, though nobody reads its end while its answer goes on.
      if (!request.complete) request.socket.destroy();
    });
    request.once('close', () => timer.cancel());
  }

  async close(): Promise<void> {
    this.#pair.close();
    this.#budget?.close();
    const server = this.#server;
    if (server?.listening) await new Promise((resolve) => server.close(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
