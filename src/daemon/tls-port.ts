import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:tls';
import type { Clock } from '../contract/clock.ts';
import { MiroliveError } from '../contract/errors.ts';
import { neighbourhoodOf, networkOf } from '../contract/network-of.ts';
import type { HealthListener } from '../ingest/child/restarts.ts';
import { type CertificateFiles, WatchedPair } from '../ingest/tls/watched-pair.ts';
import { listenError } from './public-server/listen-error.ts';
import { type RateOptions, Rates } from './public-server/rate.ts';

const minVersion = 'TLSv1.2';
/** Handshakes from one network, each of which takes about a millisecond of the main thread, behind as many at once as it may have connections. */
const handshakesPerSecond = 50;

/** Where a port with TLS is, and what it shows. */
export interface TlsPlace {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly files: CertificateFiles;
  readonly clock: Clock;
  /** Hears of its certificate, as of `http.tls.cert`. */
  readonly health: HealthListener;
}

export interface TlsPortOptions extends TlsPlace {
  /** What it is for, as in `HTTPS keeps the old one`. */
  readonly what: string;
  /** Keys of the configuration: of its port and certificate, such as `http.tls`, and of its host. */
  readonly section: string;
  readonly hostKey: string;
  /** So many handshakes may come from one network at one moment. */
  readonly handshakesAtOnce: number;
  /** And of these so many from one address, of IPv6 its /64, so that others of its network have some left. Default: all of them. */
  readonly handshakesOfAddress?: Pick<RateOptions, 'perSecond' | 'burst'>;
  /** All clients come through it: it is not bounded by itself. */
  readonly isProxy: (address: string) => boolean;
}

/** A TCP port with TLS: a certificate that may be renewed, and handshakes at a pace. What is spoken there is its server's. */
export class TlsPort {
  readonly #options: TlsPortOptions;
  readonly #pair: WatchedPair;
  #server: Server | undefined;
  #closed = false;

  private constructor(options: TlsPortOptions, pair: WatchedPair) {
    this.#options = options;
    this.#pair = pair;
  }

  /** Reads its certificate; nobody can connect yet. @throws MiroliveError INVALID_CONFIG */
  static create(options: TlsPortOptions): TlsPort {
    const { clock, files, health, what, section } = options;
    const part = `${section}.cert`;
    try {
      const pair = new WatchedPair({
        ...{ clock, files, who: what },
        tell: (trouble) => (trouble ? health.lost(part, trouble) : health.found(part)),
      });
      return new TlsPort(options, pair);
    } catch (cause) {
      throw new MiroliveError(
        'INVALID_CONFIG',
        `expected a certificate and its key in ${section}: ${(cause as Error).message}`,
        { cause, hint: `Check ${part} and ${section}.key; then run: mirolive doctor` },
      );
    }
  }

  /** What its server is made with. */
  get secureOptions() {
    return { ...this.#pair.held, minVersion } as const;
  }

  /** The certificate that it shows now. */
  get certificate(): X509Certificate {
    return new X509Certificate(this.#pair.held.cert);
  }

  /** The port that it has. */
  get port(): number {
    return (this.#server?.address() as AddressInfo | null)?.port ?? this.#options.port;
  }

  /** Goes by these files from now on, and looks at them at once. */
  certify(files: CertificateFiles): void {
    this.#pair.certify(files);
  }

  /** Has handshakes come at a pace; before all else that bounds its server. */
  pace(server: Server): void {
    const { isProxy, clock, handshakesAtOnce: burst, handshakesOfAddress } = this.#options;
    const handshakes = new Rates({ perSecond: handshakesPerSecond, burst, clock });
    const own = handshakesOfAddress && new Rates({ ...handshakesOfAddress, clock });
    // What an address has too many of is not taken from its network's.
    const isTooMuch = (address: string) =>
      own?.spend(networkOf(address)) === false || !handshakes.spend(neighbourhoodOf(address));
    server.on('connection', (socket) => {
      const address = socket.remoteAddress ?? '';
      if (!isProxy(address) && isTooMuch(address)) socket.destroy();
    });
  }

  /** Has a server listen, from now on. @throws MiroliveError PORT_IN_USE, INVALID_CONFIG */
  async listen(server: Server): Promise<void> {
    const { host, port, what, section, hostKey } = this.#options;
    this.#server = server;
    server.listen({ host, port });
    await once(server, 'listening').catch((error) => {
      throw listenError(error, { what, portKey: `${section}.port`, port, hostKey, host });
    });
    if (this.#closed) server.close();
    else this.#pair.watch((fresh) => server.setSecureContext({ ...fresh, minVersion }));
  }

  /** Takes no more connections; those that are there are left to others. @param closed hears that the last one is gone */
  close(closed?: () => void): void {
    this.#closed = true;
    this.#pair.close();
    if (this.#server?.listening) this.#server.close(closed);
    else closed?.();
  }
}
