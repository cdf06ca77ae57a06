// Proves that a mediasoup-worker works on this machine: `node self-test.mjs PATH [LIMIT_MS]`. Needs mediasoup's Node and `openssl`.
// Ends with 0: it does; 1: it does not; 75: that was not known in time.
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectClient, makeCertificate } from './client.mjs';
import { headerLength } from './srtp.mjs';

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
  const step = (what, promise) => within(signal, what, promise);
  const certificate = await step('making a certificate', makeCertificate(folder));
  const webRtcServer = await worker.createWebRtcServer({ listenInfos: [{ protocol: 'udp', ip: HOST }] });
  const router = await worker.createRouter({ mediaCodecs: [OPUS] });
  const transport = await router.createWebRtcTransport({ webRtcServer });
  const client = await connectClient({ transport, certificate, step });
  try {
    await step('sending an SRTP packet through', echo({ router, transport, client }));
  } finally {
    client.close();
  }
};

/** Sends a packet into the transport, which has to give it back. */
const echo = async ({ router, transport, client }) => {
  const codecs = [{ ...OPUS, payloadType: 100 }];
  const rtpParameters = { codecs, encodings: [{ ssrc: SSRC }], rtcp: { cname: 'self' } };
  const { id: producerId } = await transport.produce({ kind: 'audio', rtpParameters });
  const { rtpCapabilities } = router;
  await transport.consume({ producerId, rtpCapabilities });
  const payload = randomBytes(100);
  const back = new Promise((done, fail) => {
    client.onRtp((packet) => {
      try {
        const plain = client.srtp.decrypt(packet);
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
  client.send(client.srtp.encrypt(Buffer.concat([header, payload])));
  await back;
};

const within = (signal, what, promise) =>
  Promise.race([
    promise.catch((cause) => {
      throw new Error(`${what}: ${cause.message}`, { cause });
    }),
    // One that is over already is told no more.
    (signal.aborted ? Promise.resolve() : once(signal, 'abort')).then(() => {
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
