// Proves that a mediasoup-worker works on this machine: `node self-test.mjs PATH [LIMIT_MS]`. Needs mediasoup's Node and `openssl`.
// Ends with 0: it does; 1: it does not; 75: that was not known in time.
import { execFile, spawn } from 'node:child_process';
import { randomBytes, X509Certificate } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { headerLength, KEYING_MATERIAL_LENGTH, srtpOfClient } from './srtp.mjs';
import { bindingRequest } from './stun.mjs';

// It only ends what will never be: a machine that has just compiled, or has much else to do, is slow.
const LIMIT_MS = 120_000;
// EX_TEMPFAIL of sysexits.h.
const OUT_OF_TIME = 75;
const HOST = '127.0.0.1';
const OPUS = { kind: 'audio', mimeType: 'audio/opus', clockRate: 48_000, channels: 2 };
const SSRC = 0x5e1f;

/**
 * Starts the worker, makes a router and a WebRTC transport, and connects to it as a browser would: an ICE check, a DTLS
 * handshake with `openssl s_client`, then an SRTP packet that has to come back. Takes about half a second; rejects
 * with `OutOfTime` after two minutes.
 */
export const selfTest = async (workerBin, limitMs = LIMIT_MS) => {
  const signal = AbortSignal.timeout(limitMs);
  const { createWorker } = await import('mediasoup');
  const folder = await mkdtemp(join(tmpdir(), 'mirolive-self-test-'));
  let worker;
  try {
    worker = await within(signal, 'starting the worker', createWorker({ workerBin, logLevel: 'warn' }));
    const died = once(worker, 'died').then(([error]) => Promise.reject(error));
    died.catch(() => {});
    await Promise.race([died, connect(worker, folder, signal)]);
  } finally {
    worker?.close();
    await rm(folder, { recursive: true, force: true });
  }
};

/** It was not over in time, which says nothing of the worker. */
class OutOfTime extends Error {}

const connect = async (worker, folder, signal) => {
  const certificate = await within(signal, 'making a certificate', makeCertificate(folder));
  const webRtcServer = await worker.createWebRtcServer({ listenInfos: [{ protocol: 'udp', ip: HOST }] });
  const router = await worker.createRouter({ mediaCodecs: [OPUS] });
  const transport = await router.createWebRtcTransport({ webRtcServer });
  const network = createSocket('udp4');
  const openssl = createSocket('udp4');
  let client;
  try {
    await Promise.all([bind(network), bind(openssl)]);
    const { port } = transport.iceCandidates[0];

    const selected = reached(transport, 'icestatechange', ['connected', 'completed']);
    const { usernameFragment, password } = transport.iceParameters;
    network.send(bindingRequest({ username: `${usernameFragment}:self`, password }), port, HOST);
    await within(signal, 'the ICE check', selected);

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
    client = startClient(openssl.address().port, certificate);
    await within(signal, 'the DTLS handshake', Promise.race([connected, client.failed]));
    const material = await within(signal, 'the export of the SRTP keys', client.material);
    const there = echo({ router, transport, network, port, srtp: srtpOfClient(material) });
    await within(signal, 'sending an SRTP packet through', there);
  } finally {
    client?.kill();
    network.close();
    openssl.close();
  }
};

/** Sends a packet into the transport, which has to give it back. */
const echo = async ({ router, transport, network, port, srtp }) => {
  const codecs = [{ ...OPUS, payloadType: 100 }];
  const rtpParameters = { codecs, encodings: [{ ssrc: SSRC }], rtcp: { cname: 'self' } };
  const { id: producerId } = await transport.produce({ kind: 'audio', rtpParameters });
  const { rtpCapabilities } = router;
  await transport.consume({ producerId, rtpCapabilities });
  const payload = randomBytes(100);
  const back = new Promise((done, fail) => {
    network.on('message', (packet) => {
      // RFC 7983 and 5761: a first byte of 128 to 191 means SRTP or SRTCP; SRTCP has 192 to 223 behind it.
      if (packet[0] < 128 || packet[0] > 191 || (packet[1] >= 192 && packet[1] <= 223)) return;
      try {
        const plain = srtp.decrypt(packet);
        if (plain.subarray(headerLength(plain)).equals(payload)) done();
      } catch (error) {
        fail(error);
      }
    });
  });
  const header = Buffer.alloc(12);
  header.writeUInt16BE(0x8064, 0);
  header.writeUInt16BE(1, 2);
  header.writeUInt32BE(SSRC, 8);
  network.send(srtp.encrypt(Buffer.concat([header, payload])), port, HOST);
  await back;
};

const makeCertificate = async (folder) => {
  const key = join(folder, 'key.pem');
  const path = join(folder, 'certificate.pem');
  await promisify(execFile)('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
    ...['-subj', '/CN=mirolive', '-days', '2', '-keyout', key, '-out', path],
  ]);
  return { key, path, fingerprint: new X509Certificate(await readFile(path)).fingerprint256 };
};

const startClient = (port, { key, path }) => {
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

const within = (signal, what, promise) =>
  Promise.race([
    promise.catch((cause) => {
      throw new Error(`${what}: ${cause.message}`, { cause });
    }),
    once(signal, 'abort').then(() => {
      throw new OutOfTime(`${what} was not done in time`);
    }),
  ]);

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    if (!process.argv[2]) throw new Error('name the worker to test: node self-test.mjs PATH');
    await selfTest(resolve(process.argv[2]), Number(process.argv[3]) || undefined);
    process.stdout.write(
      'the worker did an ICE check and a DTLS handshake, and sent an SRTP packet through\n',
    );
  } catch (error) {
    process.stderr.write(`the worker's self-test failed: ${error.message}\n`);
    // A worker that does not begin would be waited for; it ends with what it is told by.
    process.exit(error instanceof OutOfTime ? OUT_OF_TIME : 1);
  }
}
