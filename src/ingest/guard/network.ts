import { once } from 'node:events';
import { connect, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls, createSecureContext, getCACertificates, type SecureContext } from 'node:tls';
import { MiroliveError } from '../../contract/errors.ts';
import { addressRefusal } from './address-refusal.ts';
import { type Address, lookUp } from './look-up.ts';
import { tlsFailure } from './tls-failure.ts';

/** Looking a name up, connecting and agreeing on TLS may each take so long, in ms. */
const connectTimeoutMs = 10_000;
/** Of several addresses, the next one is tried beside the one before after so long, in ms (RFC 8305, section 8). */
const nextAddressMs = 250;

export type { Address };

/** Where a connection goes. */
export interface Destination {
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** It has to be on the public internet, though private networks are allowed. */
  readonly confined?: true | undefined;
}

export interface NetworkOptions {
  readonly allowPrivateNetworks: boolean;
  /** All addresses of a name. Default: `lookUp`. */
  readonly lookup?: ((host: string) => Promise<readonly Address[]>) | undefined;
  /** Why an address is refused; null: it is not. Default: what is not on the public internet is. */
  readonly refusal?: ((address: string) => string | null) | undefined;
}

/** The way out to sources: each address is checked before it is connected to, and no other one is connected to. */
export class Network {
  readonly #lookup: (host: string) => Promise<readonly Address[]>;
  readonly #refusal: (address: string) => string | null;
  /** The same that leads to the public internet alone. */
  readonly confined: Network;

  constructor({ allowPrivateNetworks, lookup = lookUp, refusal = addressRefusal }: NetworkOptions) {
    this.#lookup = lookup;
    this.#refusal = allowPrivateNetworks ? () => null : refusal;
    this.confined = allowPrivateNetworks
      ? new Network({ allowPrivateNetworks: false, lookup, refusal })
      : this;
  }

  /**
   * The addresses of a host, all of them allowed.
   *
   * @throws MiroliveError SOURCE_PRIVATE_ADDRESS, SOURCE_UNREACHABLE
   */
  async addresses(host: string): Promise<readonly Address[]> {
    const family = isIP(host);
    const found = family === 0 ? await this.#answer(host) : [{ address: host, family }];
    for (const { address } of found) {
      const reason = this.#refusal(address);
      if (reason === null) continue;
      const what = host === address ? host : `${host}, which is ${address},`;
      throw new MiroliveError('SOURCE_PRIVATE_ADDRESS', `${what} is not opened: it leads to ${reason}`);
    }
    return found;
  }

  /**
   * Connects to a host, at one of the addresses that were checked; with TLS, its certificate is too.
   *
   * @throws MiroliveError SOURCE_PRIVATE_ADDRESS, SOURCE_UNREACHABLE
   */
  async connect({ host, port, tls, confined }: Destination): Promise<Socket> {
    const found = await (confined ? this.confined : this).addresses(host);
    const lookup: LookupFunction = (_host, _options, answer) => answer(null, [...found]);
    const plain = connect({
      ...{ host, port, lookup, noDelay: true },
      ...{ autoSelectFamily: true, autoSelectFamilyAttemptTimeout: nextAddressMs },
    });
    const where = `${host}:${port}`;
    await opened(plain, 'connect', where);
    if (!tls) return plain;
    const servername = isIP(host) === 0 ? { servername: host } : {};
    const secure = connectTls({ socket: plain, host, secureContext: trust(), ...servername });
    plain.on('error', (error) => secure.destroy(error));
    await opened(secure, 'secureConnect', where);
    return secure;
  }

  async #answer(host: string): Promise<readonly Address[]> {
    const signal = AbortSignal.timeout(connectTimeoutMs);
    const late = once(signal, 'abort').then(() => Promise.reject(new Error('no answer in time')));
    try {
      const found = await Promise.race([this.#lookup(host), late]);
      if (found.length > 0) return found;
      throw new Error('it has no address');
    } catch (cause) {
      throw unreachable(`the name ${host} cannot be looked up: ${wordsOf(cause)}`, cause);
    }
  }
}

let trusted: SecureContext | undefined;

/** Trusts what Node does, what NODE_EXTRA_CA_CERTS names, and what the system does: it is read once. */
function trust(): SecureContext {
  trusted ??= createSecureContext({ ca: [...getCACertificates('default'), ...getCACertificates('system')] });
  return trusted;
}

/** A source's server that does not do what is needed. */
export function unreachable(message: string, cause?: unknown): MiroliveError {
  return new MiroliveError('SOURCE_UNREACHABLE', message, { cause });
}

async function opened(socket: Socket, event: 'connect' | 'secureConnect', where: string): Promise<void> {
  const signal = AbortSignal.timeout(connectTimeoutMs);
  try {
    await once(socket, event, { signal });
  } catch (error) {
    socket.destroy();
    const cause = signal.aborted ? new Error(`nothing within ${connectTimeoutMs / 1000} s`) : error;
    throw tlsFailure(cause, where) ?? unreachable(`cannot connect to ${where}: ${wordsOf(cause)}`, cause);
  }
}

/** `connect ECONNREFUSED 192.0.2.1:80` of several addresses comes as one error of many. */
function wordsOf(error: unknown): string {
  if (error instanceof AggregateError) return [...new Set(error.errors.map(wordsOf))].join(', ');
  // OpenSSL's message is for those who debug it.
  if (error instanceof Error && 'reason' in error) return String(error.reason);
  return error instanceof Error ? error.message : String(error);
}
