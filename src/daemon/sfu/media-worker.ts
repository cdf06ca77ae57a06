import type { types } from 'mediasoup';
import * as mediasoup from 'mediasoup';
import type { Config } from '../../contract/config.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import { mediaAddresses } from './addresses.ts';

/** A mediasoup Worker with its WebRtcServer: one UDP and one TCP port for all the viewers on it. */
export interface WorkerSlot {
  readonly worker: types.Worker;
  readonly server: types.WebRtcServer;
  readonly port: number;
}

/**
 * Starts the worker at this place among all of them.
 *
 * @throws MiroliveError PORT_IN_USE
 */
export async function startWorker(bin: string, config: Config, index: number): Promise<WorkerSlot> {
  const worker = await mediasoup.createWorker({
    workerBin: bin,
    logLevel: 'warn',
    logTags: ['ice', 'dtls', 'rtp', 'srtp', 'rtcp'],
  });
  try {
    const server = await worker.createWebRtcServer({ listenInfos: listenInfos(config, index) });
    return { worker, server, port: await firstPort(server) };
  } catch (error) {
    worker.close();
    const wanted = config.webrtc.port + index;
    if (!/in use/i.test(String(error))) throw asMiroliveError(error);
    throw new MiroliveError(
      'PORT_IN_USE',
      `expected UDP and TCP port ${wanted} to be free for media, something holds it`,
      { cause: error, details: { key: 'webrtc.port' } },
    );
  }
}

function listenInfos(config: Config, index: number): types.TransportListenInfo[] {
  const port = config.webrtc.port === 0 ? {} : { port: config.webrtc.port + index };
  return mediaAddresses(config.webrtc).flatMap((address) =>
    (['udp', 'tcp'] as const).map((protocol) => ({ protocol, ...address, ...port })),
  );
}

async function firstPort(server: types.WebRtcServer): Promise<number> {
  const { udpSockets } = await server.dump();
  return udpSockets[0]?.port ?? 0;
}
