import { MiroliveError } from '../../contract/errors.ts';

/** OpenSSL's names of what may be wrong with a certificate (https://nodejs.org/api/tls.html, 'X509 certificate error codes'). */
const untrusted: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it is signed by itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not known here',
  UNABLE_TO_GET_ISSUER_CERT: 'its authority is not known here',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not known here',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not known here',
};
const dated: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'it has expired',
  CERT_NOT_YET_VALID: 'it is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'it is for another name',
};

/** Why a server is not trusted, or speaks no TLS, by the error of the handshake; null: that is not what is wrong. */
export function tlsFailure(cause: unknown, where: string): MiroliveError | null {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reason = untrusted[code] ?? dated[code];
  if (reason !== undefined) {
    const hint =
      code in untrusted
        ? 'If it is yours, trust it: put it (.crt) into /usr/local/share/ca-certificates, run update-ca-certificates, restart the daemon'
        : 'Give the server another certificate, or use the name that it is for';
    return new MiroliveError('SOURCE_UNREACHABLE', `the certificate of ${where} is not trusted: ${reason}`, {
      ...{ hint, cause, forAdmin: code in untrusted },
    });
  }
  if (code !== 'ERR_SSL_WRONG_VERSION_NUMBER' && code !== 'ERR_SSL_PACKET_LENGTH_TOO_LONG') return null;
  return new MiroliveError('SOURCE_UNREACHABLE', `${where} does not speak TLS`, {
    ...{ hint: 'Check the port; without TLS it is http://, rtsp:// or rtmp://', cause },
  });
}
