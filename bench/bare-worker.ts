import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { types } from 'mediasoup';
import * as mediasoup from 'mediasoup';
import { locateWorker } from '../native/mediasoup-worker/locate.mjs';
import { producerParameters, routerCodecs } from '../src/daemon/sfu/codecs.ts';
import { type AnsweredTrack, clientDtlsParameters, writeAnswer } from '../src/daemon/sfu/offers/answer.ts';
import { readOffer } from '../src/daemon/sfu/offers/offer.ts';
import { chooseCodecs } from '../src/daemon/viewers/whep/codec-choice.ts';
import { consumerCapabilities, sentTrack } from '../src/daemon/viewers/whep/sent-track.ts';
import { start } from './child.ts';
import type { Context } from './context.ts';

const loopback = { protocol: 'udp', ip: '127.0.0.1' } as const;
/** Bytes that the worker's socket may hold until it is read, as in mirolive: ffmpeg sends each picture at once. */
const recvBufferSize = 4 * 1024 * 1024;

/** The smallest mediasoup server there is: what mirolive's worker is compared with. */
export interface BareWorker {
  readonly pid: number;
  readonly whepUrl: string;
}

/** Starts a worker that ffmpeg feeds directly, and a WHEP endpoint for it; both end with the scope. */
export async function startBareWorker(context: Context, file: string): Promise<BareWorker> {
  const { scope } = context;
  const located = locateWorker();
  if (!located) throw new Error('expected a mediasoup-worker binary, found none');
  const worker = await mediasoup.createWorker({ workerBin: located.path, logLevel: 'warn' });
  scope.defer(async () => {
    const closed = once(worker, 'subprocessclose');
    worker.close();
    if (!worker.subprocessClosed) await closed;
  });
  const router = await worker.createRouter({ mediaCodecs: routerCodecs() });
  const webRtcServer = await worker.createWebRtcServer({ listenInfos: [loopback] });
  const video = await receive(router, 'h264', 1);
  const audio = await receive(router, 'opus', 2);
  const args = [
    ...['-hide_banner', '-nostdin', '-v', 'error', '-re', '-i', file],
    ...['-map', '0:v', '-c', 'copy', '-bsf:v', 'h264_mp4toannexb', ...video.output],
    ...['-map', '0:a', '-c', 'copy', ...audio.output],
  ];
  start(context, 'ffmpeg', args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const producers = { video: video.producer, audio: audio.producer };
  const server = createServer((request, response) => {
    join(router, webRtcServer, producers, request).then(
      (answer) =>
        response.writeHead(201, { 'content-type': 'application/sdp', location: '/viewer' }).end(answer),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  scope.defer(() => server.close().closeAllConnections());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { pid: worker.pid, whepUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
}

/** A Producer, and the arguments by which ffmpeg sends to it. */
async function receive(router: types.Router, codec: 'h264' | 'opus', ssrc: number) {
  const transport = await router.createPlainTransport({
    listenInfo: { ...loopback, recvBufferSize },
    rtcpMux: false,
    comedia: true,
  });
  const rtpParameters = producerParameters(codec, [ssrc]);
  const producer = await transport.produce({ kind: codec === 'opus' ? 'audio' : 'video', rtpParameters });
  const payloadType = `${rtpParameters.codecs[0]?.payloadType}`;
  const ports = [transport.tuple.localPort, transport.rtcpTuple?.localPort];
  const address = `rtp://127.0.0.1:${ports[0]}?rtcpport=${ports[1]}&pkt_size=1200`;
  return { producer, output: ['-ssrc', `${ssrc}`, '-payload_type', payloadType, '-f', 'rtp', address] };
}

/** One viewer: an offer in, an answer out. It stays until the worker ends. */
async function join(
  router: types.Router,
  webRtcServer: types.WebRtcServer,
  producers: Readonly<Record<'video' | 'audio', types.Producer>>,
  request: IncomingMessage,
): Promise<string> {
  if (request.method !== 'POST') return '';
  const offer = readOffer(await text(request), 'recvonly');
  const choices = chooseCodecs(offer, { video: 'h264', audio: 'opus' });
  const transport = await router.createWebRtcTransport({ webRtcServer });
  await transport.connect({ dtlsParameters: clientDtlsParameters(offer) });
  const tracks: AnsweredTrack[] = [];
  for (const kind of ['video', 'audio'] as const) {
    const choice = choices[kind];
    const [codec] = choice?.codecs ?? [];
    if (!choice || !codec) continue;
    const rtpCapabilities = consumerCapabilities(router.rtpCapabilities, choice, codec);
    const consumer = await transport.consume({ producerId: producers[kind].id, rtpCapabilities });
    tracks.push(sentTrack(choice, codec, consumer, 'bare'));
  }
  return writeAnswer({ offer, direction: 'sendonly', tracks, transport });
}
