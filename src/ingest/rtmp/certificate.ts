import { readFileSync } from 'node:fs';
import { createServer, type Server, type TlsOptions } from 'node:tls';
import { type Clock, every } from '../../contract/clock.ts';
import type { Trouble } from '../child/restarts.ts';
import type { CertificateFiles } from './calls.ts';

/** Certificates are renewed beside a running server: its files are looked at this often, in ms. */
const lookEveryMs = 60_000;
/** A client that does not finish its TLS handshake within this, in ms, is gone. */
const handshakeTimeoutMs = 8000;

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
  let places = files;
  let held = readFiles(places);
  const options: TlsOptions = { ...held, handshakeTimeout: handshakeTimeoutMs, minVersion: 'TLSv1.2' };
  const server = createServer(options);
  const renew = () => {
    const fresh = readFiles(places);
    if (fresh.cert === held.cert && fresh.key === held.key) return;
    server.setSecureContext({ ...fresh, minVersion: 'TLSv1.2' });
    held = fresh;
  };
  let failures = 0;
  const look = () => {
    try {
      renew();
      if (failures > 0) tell(null);
      failures = 0;
    } catch (error) {
      const reason = `RTMPS keeps the old one: ${(error as Error).message}`;
      tell({ reason, failures: ++failures, nextTryMs: lookEveryMs });
    }
  };
  server.once('listening', () => {
    const timer = every(clock, lookEveryMs, look);
    server.once('close', () => timer.cancel());
  });
  return {
    server,
    certify(others) {
      places = others;
      look();
    },
  };
}

function readFiles({ cert, key }: CertificateFiles): { cert: string; key: string } {
  return { cert: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}
