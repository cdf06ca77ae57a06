import type { Logger } from 'pino';
import type { Clock } from '../../../contract/clock.ts';
import type { Config } from '../../../contract/config.ts';
import type { Status } from '../../../contract/models.ts';
import type { CertificateFiles } from '../../../ingest/tls/watched-pair.ts';
import type { Health } from '../../health.ts';
import { primaryAddress } from '../../sfu/addresses.ts';
import { type Bearer, bearerCallers } from './bearer-callers.ts';
import { ControlPort } from './control-port.ts';
import { ownCertificate } from './own-certificate.ts';

/** What operators are told of it as. */
const part = 'control.tls';

export interface OpenControlPortOptions {
  readonly config: Pick<Config, 'control'>;
  /** Of the state: there the certificate is kept that the daemon makes for itself. */
  readonly folder: string;
  readonly tokens: { find(secret: string): Bearer };
  readonly clock: Clock;
  readonly log: Logger;
  readonly health: Pick<Health, 'lost' | 'found'>;
}

/** The control API's TCP port as the configuration wants it. */
export interface OpenControlPort {
  /** undefined: it is not wanted, or cannot be had, which is told. */
  readonly port: ControlPort | undefined;
  /** Goes by the certificate that the configuration names by now. */
  certify(): Promise<void>;
  /** How it is told. */
  status(): NonNullable<Status['control']> | null;
}

/** Makes it ready; a ControlServer listens on it. @throws MiroliveError INVALID_CONFIG where the configuration's certificate cannot be used */
export async function openControlPort(options: OpenControlPortOptions): Promise<OpenControlPort> {
  const { config, folder, tokens, clock, log, health } = options;
  const { host, port: wanted } = config.control.tls;
  if (wanted === null) return { port: undefined, certify: async () => {}, status: () => null };
  /** A disk that cannot be written on is no reason for the daemon to end. */
  const filesOrNot = async (): Promise<CertificateFiles | null> => {
    const { cert, key } = config.control.tls;
    if (cert !== null && key !== null) return { cert, key };
    try {
      const own = await ownCertificate(folder, clock.wallMs(), log);
      return { cert: own, key: own };
    } catch (error) {
      const reason = `its own certificate cannot be made: ${(error as Error).message}`;
      health.lost(part, { reason, failures: 1, nextTryMs: null });
      return null;
    }
  };
  const files = await filesOrNot();
  const callerOf = bearerCallers({ find: (secret) => tokens.find(secret), clock, log });
  const port =
    files === null ? undefined : ControlPort.create({ host, port: wanted, files, callerOf, clock, health });
  return {
    port,
    async certify() {
      const fresh = port && (await filesOrNot());
      if (!fresh) return;
      health.found(part);
      port.certify(fresh);
    },
    status: () =>
      port ? { address: addressOf(host, port.port), fingerprint: `SHA256:${port.fingerprint}` } : null,
  };
}

function addressOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? primaryAddress() : host;
  return `${name.includes(':') ? `[${name}]` : name}:${port}`;
}
