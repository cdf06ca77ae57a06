import { isIP } from 'node:net';
import { type ConnectionOptions, connect, getCACertificates, type TLSSocket } from 'node:tls';
import { MiroliveError } from '../../contract/errors.ts';
import { fingerprintWords } from './fingerprint.ts';
import type { Line } from './line.ts';
import { type HostPlace, placeName } from './place.ts';

/** A host that has not finished its handshake by then, in ms, is not there. */
const connectTimeoutMs = 10_000;
/** What has been silent for so long, in ms, is asked whether it is there still: of a machine that lost its power nobody hears otherwise. */
const probeMs = 15_000;

/** Whoever answers is not who is meant. */
class Untrusted extends Error {
  readonly shown: string;

  constructor(message: string, shown: string) {
    super(message);
    this.shown = shown;
  }
}

/** Reaches a daemon by TLS: nothing is said, the token least of all, to one whose certificate is not the right one. */
export function hostLine(place: HostPlace): Line {
  const { token, fingerprint } = place;
  return {
    headers: { host: placeName(place), ...(token !== null && { authorization: `Bearer ${token}` }) },
    open(done) {
      const trusted = fingerprint === null ? authorities() : {};
      const socket = connect({ ...targetOf(place), ...trusted, rejectUnauthorized: false });
      const timer = setTimeout(
        () => socket.destroy(new Error(`no answer within ${connectTimeoutMs / 1000} s`)),
        connectTimeoutMs,
      );
      const failed = (error: Error) => {
        clearTimeout(timer);
        done(error);
      };
      socket.once('error', failed);
      socket.once('secureConnect', () => {
        clearTimeout(timer);
        socket.off('error', failed);
        const problem = distrust(socket, fingerprint);
        socket.setKeepAlive(true, probeMs);
        if (problem === null) return done(null, socket);
        socket.on('error', () => {}).destroy();
        done(problem);
      });
      return undefined;
    },
    failure: (error) => failure(place, error),
  };
}

/** The print of the certificate that a host shows, whoever that is. @throws MiroliveError DAEMON_UNREACHABLE */
export function shownFingerprint(place: HostPlace): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ ...targetOf(place), rejectUnauthorized: false });
    socket.setTimeout(connectTimeoutMs, () => socket.destroy(new Error('it does not answer')));
    socket.once('error', (error) => reject(failure(place, error)));
    socket.once('secureConnect', () => {
      resolve(printOf(socket));
      socket.destroy();
    });
  });
}

/** The name is told, so that a host with several can choose; addresses are not. */
function targetOf({ host, port }: HostPlace): ConnectionOptions {
  return { host, port, ...(isIP(host) === 0 && { servername: host }) };
}

/** Whether it is who is meant is found out here, so that its print can be told where it is not. */
const authorities = (): ConnectionOptions => ({
  ca: [...getCACertificates('default'), ...getCACertificates('system')],
});

function printOf(socket: TLSSocket): string {
  return (socket.getPeerX509Certificate()?.fingerprint256 ?? '').replaceAll(':', '');
}

/** OpenSSL's names of what may be wrong with a certificate (https://nodejs.org/api/tls.html, 'X509 certificate error codes'). */
const certificateFaults: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody whom this machine trusts',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody whom this machine trusts',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody whom this machine trusts',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
};

/** Why a host is not the one that is meant; null: it is. A print says it all: who vouches for the certificate does not matter then. */
function distrust(socket: TLSSocket, fingerprint: string | null): Untrusted | null {
  const shown = printOf(socket);
  if (fingerprint !== null)
    return shown === fingerprint
      ? null
      : new Untrusted(`it shows another certificate than ${fingerprintWords(fingerprint)}`, shown);
  if (socket.authorized) return null;
  const code = String(socket.authorizationError);
  return new Untrusted(certificateFaults[code] ?? code, shown);
}

const reasons: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no host of this name',
  EAI_AGAIN: 'its name cannot be looked up',
  ECONNREFUSED: 'nobody listens there',
  ECONNRESET: 'it hung up',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  ETIMEDOUT: 'it does not answer',
  ERR_SSL_WRONG_VERSION_NUMBER: 'what listens there speaks no TLS',
  ERR_SSL_PACKET_LENGTH_TOO_LONG: 'what listens there speaks no TLS',
};

function failure(place: HostPlace, cause: NodeJS.ErrnoException): MiroliveError {
  const name = placeName(place);
  if (cause instanceof Untrusted) {
    const print = cause.shown === '' ? '' : `; it shows ${fingerprintWords(cause.shown)}`;
    return new MiroliveError('DAEMON_UNTRUSTED', `${name} is not trusted: ${cause.message}${print}`, {
      cause,
    });
  }
  const reason = reasons[cause.code ?? ''] ?? cause.message;
  return new MiroliveError('DAEMON_UNREACHABLE', `no daemon answers on ${name}: ${reason}`, {
    cause,
    hint: 'See on that machine whether it listens, and where: mirolive status; it does where control.tls.port is set',
  });
}
