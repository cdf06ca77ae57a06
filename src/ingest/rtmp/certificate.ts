import { createServer, type Server, type TlsOptions } from 'node:tls';
import type { Clock } from '../../contract/clock.ts';
import type { Trouble } from '../child/restarts.ts';
import { type CertificateFiles, WatchedPair } from '../tls/watched-pair.ts';

/** A client that does not finish its TLS handshake within this, in ms, is gone. */
const handshakeTimeoutMs = 8000;
const minVersion = 'TLSv1.2';

export interface CertifiedServer {
  readonly server: Server;
  /** Goes by these files from now on, and looks at them at once. */
  certify(files: CertificateFiles): void;
}

/**
 * A TLS server with a certificate of files, which takes over the new one when they change. Where they cannot be used then the old one
 * stays, and `tell` hears why at each look; null: they can again.
 *
 * @throws Error if the files cannot be read, or are no certificate with its key
 */
export function tlsServer(
  clock: Clock,
  files: CertificateFiles,
  tell: (trouble: Trouble | null) => void,
): CertifiedServer {
  const pair = new WatchedPair({ clock, files, who: 'RTMPS', tell });
  const options: TlsOptions = { ...pair.held, handshakeTimeout: handshakeTimeoutMs, minVersion };
  const server = createServer(options);
  server.once('listening', () => pair.watch((fresh) => server.setSecureContext({ ...fresh, minVersion })));
  server.once('close', () => pair.close());
  return { server, certify: (others) => pair.certify(others) };
}
