import type { IncomingMessage, RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { Socket } from 'node:net';
import { routes } from '../../../contract/routes.ts';
import type { CertificateFiles } from '../../../ingest/tls/watched-pair.ts';
import { BoundedResponse } from '../../bounded-response.ts';
import { ConnectionBudget } from '../../public-server/connection-budget.ts';
import { type TlsPlace, TlsPort } from '../../tls-port.ts';
import type { CallerOf } from '../callers.ts';

/** Where what goes on is sent. */
const goesOn = new RegExp(`^${routes.writeStdin.path.replace(/:\w+$/, '')}[a-z0-9]+$`);

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
  /** From one address, of IPv6 its /64, without a token that is valid: the oldest of them gives way to the next. Of handshakes as many may come at one moment: none of them has shown its token yet. */
  readonly strangersPerAddress: number;
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
  strangersPerAddress: 32,
};

export interface ControlPortOptions extends TlsPlace {
  readonly callerOf: CallerOf;
  readonly bounds?: Partial<ControlPortBounds>;
}

/** The control API's TCP port: TLS, few connections at once and few handshakes in a second, and none for long that says nothing. */
export class ControlPort {
  readonly #options: ControlPortOptions;
  readonly #tls: TlsPort;
  readonly #bounds: ControlPortBounds;
  readonly #sockets = new WeakSet<Socket>();
  #budget: ConnectionBudget | undefined;

  private constructor(options: ControlPortOptions, bounds: ControlPortBounds, tls: TlsPort) {
    this.#options = options;
    this.#tls = tls;
    this.#bounds = bounds;
  }

  /** Reads its certificate; nobody can connect yet. @throws MiroliveError INVALID_CONFIG */
  static create(options: ControlPortOptions): ControlPort {
    const bounds = { ...usualBounds, ...options.bounds };
    const tls = TlsPort.create({
      ...{ ...options, what: 'the control API', section: 'control.tls', hostKey: 'control.tls.host' },
      ...{ handshakesAtOnce: bounds.connectionsPerNetwork, isProxy: () => false },
      handshakesOfAddress: { perSecond: 25, burst: bounds.strangersPerAddress },
    });
    return new ControlPort(options, bounds, tls);
  }

  /** The SHA-256 print of the certificate that it shows now, as OpenSSL writes it: `AB:CD:…`. */
  get fingerprint(): string {
    return this.#tls.certificate.fingerprint256;
  }

  /** The port that it has. */
  get port(): number {
    return this.#tls.port;
  }

  /** Whether a connection came by it. */
  has(socket: Socket): boolean {
    return this.#sockets.has(socket);
  }

  /** Who makes a request that came by it. */
  get callerOf(): CallerOf {
    return (request) => {
      const caller = this.#options.callerOf(request);
      this.#budget?.know(request.socket);
      return caller;
    };
  }

  /** Goes by these files from now on, and looks at them at once. */
  certify(files: CertificateFiles): void {
    this.#tls.certify(files);
  }

  /** Listens, from now on. @throws MiroliveError PORT_IN_USE, INVALID_CONFIG */
  async listen(listener: RequestListener): Promise<void> {
    const { handshakeMs, headersMs, keepAliveMs, checkMs, probeMs } = this.#bounds;
    const server = createServer(
      {
        ...this.#tls.secureOptions,
        ...{ handshakeTimeout: handshakeMs, ServerResponse: BoundedResponse },
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
    this.#tls.pace(server);
    const { connections: max, connectionsPerNetwork: maxPerNetwork, strangersPerAddress } = this.#bounds;
    this.#budget = new ConnectionBudget({
      ...{ max, maxPerNetwork, maxStrangersPerAddress: strangersPerAddress, isProxy: () => false },
    });
    this.#budget.watch(server);
    server.on('secureConnection', (socket) => this.#sockets.add(socket));
    await this.#tls.listen(server);
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
    this.#budget?.close();
    await new Promise<void>((resolve) => this.#tls.close(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
