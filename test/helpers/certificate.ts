import { join } from 'node:path';
import { execa } from 'execa';

/** Makes a certificate for localhost, signed by itself, as files. */
export async function makeCertificate(folder: string, name = 'server', days = 30) {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  const subject = ['-subj', '/CN=localhost', '-days', String(days)];
  const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes'];
  await execa('openssl', [...kind, '-out', cert, '-keyout', key, ...subject]);
  return { cert, key };
}
