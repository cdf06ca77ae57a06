import { execFile, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { KEYING_MATERIAL_LENGTH, srtpOfClient } from './srtp.mjs';
import { bindingRequest } from './stun.mjs';

const HOST = '127.0.0.1';

/** A certificate for clients, with its key, in `folder`. */
export const makeCertificate = async (folder) => {
  const key = join(folder, 'key.pem');
  const path = join(folder, 'certificate.pem');
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-subj', '/CN=mirolive', '-days', '2', '-keyout', key, '-out', path],
  ]);
  return { key, path, fingerprint: new X509Certificate(await readFile(path)).fingerprint256 };
};

/**
 * Connects to a WebRTC transport as a browser would: an ICE check, then a DTLS handshake with `openssl s_client`. `step` is given
 * each of these, with its name, and may reject in its place.
 */
export const connectClient = async ({ transport, certificate, step = (_, promise) => promise }) => {
  const network = createSocket({ type: 'udp4', recvBufferSize: 1024 * 1024 });
  const openssl = createSocket('udp4');
  let handshake;
  const close = () => {
    handshake?.kill();
    network.close();
    openssl.close();
  };
  try {
    await Promise.all([bind(network), bind(openssl)]);
    const { port } = transport.iceCandidates[0];

    const selected = reached(transport, 'icestatechange', ['connected', 'completed']);
    const { usernameFragment, password } = transport.iceParameters;
    network.send(bindingRequest({ username: `${usernameFragment}:self`, password }), port, HOST);
    await step('the ICE check', selected);

    const fingerprints = [{ algorithm: 'sha-256', value: certificate.fingerprint }];
    await transport.connect({ dtlsParameters: { role: 'client', fingerprints } });

    let clientPort;
    openssl.on('message', (packet, from) => {
      clientPort = from.port;
      network.send(packet, port, HOST);
    });
    // RFC 7983: a first byte of 20 to 63 means DTLS; the rest are STUN answers.
    network.on('message', (packet) => {
      if (packet[0] >= 20 && packet[0] <= 63 && clientPort) openssl.send(packet, clientPort, HOST);
    });
    const connected = reached(transport, 'dtlsstatechange', ['connected']);
    handshake = startHandshake(openssl.address().port, certificate);
    await step('the DTLS handshake', Promise.race([connected, handshake.failed]));
    const material = await step('the export of the SRTP keys', handshake.material);
    return {
      srtp: srtpOfClient(material),
      send: (packet) => network.send(packet, port, HOST),
      onRtp: (listener) => network.on('message', (packet) => isRtp(packet) && listener(packet)),
      close,
    };
  } catch (error) {
    close();
    throw error;
  }
};

// RFC 7983 and 5761: a first byte of 128 to 191 means SRTP or SRTCP; SRTCP has 192 to 223 behind it.
const isRtp = ([first, second]) => first >= 128 && first <= 191 && !(second >= 192 && second <= 223);

const startHandshake = (port, { key, path }) => {
  // Its standard input stays open, since s_client leaves at the end of it.
  const child = spawn(
    'openssl',
    [
      ...['s_client', '-dtls1_2', '-connect', `${HOST}:${port}`, '-cert', path, '-key', key],
      ...['-use_srtp', 'SRTP_AEAD_AES_128_GCM'],
      ...['-keymatexport', 'EXTRACTOR-dtls_srtp', '-keymatexportlen', `${KEYING_MATERIAL_LENGTH}`],
    ],
    { stdio: 'pipe' },
  );
  const material = new Promise((done) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [, hex] = line.match(/Keying material: ([0-9A-F]+)/) ?? [];
      if (hex) done(Buffer.from(hex, 'hex'));
    });
  });
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const failed = once(child, 'close').then(([code]) => {
    throw new Error(`openssl s_client ended with ${code}: ${errors.trim()}`);
  });
  failed.catch(() => {});
  return { failed, material, kill: () => child.kill() };
};

const bind = async (socket) => {
  socket.bind(0, HOST);
  await once(socket, 'listening');
};

const reached = (transport, event, states) =>
  new Promise((done, fail) => {
    transport.on(event, (state) => {
      if (states.includes(state)) done();
      else if (state === 'failed' || state === 'closed') fail(new Error(`the transport is ${state}`));
    });
  });
