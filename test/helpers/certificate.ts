import { once } from 'node:events';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { execa } from 'execa';

/** Makes a certificate for localhost, signed by itself, as files. @param names that it is for too, as OpenSSL has them: `DNS:live.example.org` */
export async function makeCertificate(folder: string, name = 'server', days = 30, names = '') {
  const [cert, key] = [join(folder, `${name}.pem`), join(folder, `${name}-key.pem`)];
  const subject = ['-subj', '/CN=localhost', '-days', String(days)];
  const alternatives = names === '' ? [] : ['-addext', `subjectAltName=${names}`];
  const kind = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes'];
  await execa('openssl', [...kind, '-out', cert, '-keyout', key, ...subject, ...alternatives]);
  return { cert, key };
}

/** Which certificate whoever listens on this port of loopback shows. */
export async function fingerprint(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { fingerprint256 } = socket.getPeerCertificate();
  socket.destroy();
  return fingerprint256;
}
