import type { Logger } from 'pino';
import type { Clock } from '../../../contract/clock.ts';
import { MiroliveError } from '../../../contract/errors.ts';
import { networkOf } from '../../../contract/network-of.ts';
import type { Principal } from '../../../contract/principal.ts';
import { Rates } from '../../public-server/rate.ts';
import type { CallerOf } from '../callers.ts';
import { Lockouts } from './lockouts.ts';

/** Requests from one network, whoever makes them. */
const perSecond = 50;
const burst = 200;
/** A token is shorter. */
const maxSecretLength = 200;

/** Whose secret it is. Why it is void is for who runs this; whoever came with it hears no more than that it is refused. */
export type Bearer =
  | { readonly is: 'valid'; readonly principal: Principal }
  | { readonly is: 'expired' | 'revoked'; readonly id: string; readonly name: string }
  | { readonly is: 'unknown' };

export interface BearerCallersOptions {
  readonly find: (secret: string) => Bearer;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Who calls by the network: whoever has the token in `Authorization: Bearer` (RFC 6750). Bounded by where he comes from. */
export function bearerCallers({ find, clock, log }: BearerCallersOptions): CallerOf {
  const rates = new Rates({ perSecond, burst, clock });
  const lockouts = new Lockouts(clock);
  /** Why nobody can be known is for who runs this. */
  const known = (secret: string): Bearer => {
    try {
      return find(secret);
    } catch (cause) {
      throw new MiroliveError('STATE_UNAVAILABLE', 'the tokens cannot be read for now', { cause });
    }
  };
  return ({ socket, headers }) => {
    const address = socket.remoteAddress ?? '';
    if (!rates.spend(networkOf(address)))
      throw limit(`expected at most ${perSecond} calls per second from ${address}`, 'Ask less often.');
    const waitMs = lockouts.waitMs(address);
    if (waitMs > 0) throw lockedOut(address, waitMs);
    const secret = bearer(headers.authorization);
    if (secret === null)
      throw new MiroliveError('UNAUTHENTICATED', 'expected a token in Authorization: Bearer, got none');
    const found = known(secret);
    if (found.is === 'valid') {
      lockouts.forgive(address);
      return found.principal;
    }
    const lockedMs = lockouts.failed(address);
    if (lockedMs > 0)
      log.warn(
        { address, lockedMs, token: found },
        'wrong tokens come from there, which is not heard for a while',
      );
    // Whether there ever was such a token is nobody's business.
    throw new MiroliveError('UNAUTHENTICATED', 'expected a token that is valid, got another one');
  };
}

function bearer(header: string | undefined): string | null {
  const [, secret] = /^Bearer +([\w.~+/-]+=*)$/i.exec(header ?? '') ?? [];
  return secret !== undefined && secret.length <= maxSecretLength ? secret : null;
}

function lockedOut(address: string, waitMs: number): MiroliveError {
  const seconds = Math.ceil(waitMs / 1000);
  return limit(
    `expected nobody from ${address} for another ${seconds} s: too many wrong tokens came from there`,
    `Try again in ${seconds} s, with a token that is valid: mirolive tokens list`,
  );
}

function limit(message: string, hint: string): MiroliveError {
  return new MiroliveError('LIMIT_REACHED', message, { hint });
}
