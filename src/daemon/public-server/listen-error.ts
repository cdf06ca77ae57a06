import { MiroliveError } from '../../contract/errors.ts';

/** A port that was to be opened: what for, and where it stands in the configuration. */
export interface WantedPort {
  /** As in `free for the page`. */
  readonly what: string;
  readonly portKey: string;
  readonly port: number;
  readonly hostKey: string;
  readonly host: string;
  /** What to do where the address is none of this machine. */
  readonly hint?: string;
}

/** Why it cannot be had: PORT_IN_USE, INVALID_CONFIG; what has to do with neither as it is. */
export function listenError(
  cause: unknown,
  { what, portKey, port, hostKey, host, hint }: WantedPort,
): unknown {
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return new MiroliveError(
      'PORT_IN_USE',
      `expected port ${port} to be free for ${what}, something holds it`,
      { cause, details: { key: portKey, port: String(port) } },
    );
  if (code === 'EADDRNOTAVAIL')
    return new MiroliveError(
      'INVALID_CONFIG',
      `expected ${hostKey} to be an address of this machine, got ${host}`,
      { cause, hint: hint ?? 'See which it has: ip address' },
    );
  return cause;
}
