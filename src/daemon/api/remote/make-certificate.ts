import { hostname } from 'node:os';
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** Clients know it by its print, and would have to be told another: it is valid for so long, in days. */
const validDays = 3650;
const dayMs = 24 * 60 * 60 * 1000;
/** A machine whose clock is behind takes it too. */
const clockSkewMs = dayMs;

/** A certificate that is signed by itself, with its key behind it, PEM: ECDSA on P-256, which everybody takes. */
export async function makeCertificate(wallMs: number): Promise<string> {
  const { subtle } = globalThis.crypto;
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const keys = await subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const names = [...new Set([hostname(), 'localhost'])].filter((name) => /^[\w.-]+$/.test(name));
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: 'CN=mirolive',
    notBefore: new Date(wallMs - clockSkewMs),
    notAfter: new Date(wallMs + validDays * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns' as const, value }))),
    ],
  });
  const key = PemConverter.encode(await subtle.exportKey('pkcs8', keys.privateKey), 'PRIVATE KEY');
  return `${certificate.toString('pem')}\n${key}\n`;
}
