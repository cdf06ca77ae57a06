import type { Logger } from 'pino';
import type { Config } from '../../contract/config.ts';
import type { HealthListener } from '../../ingest/child/restarts.ts';
import { RtmpServer } from '../../ingest/rtmp/rtmp-server.ts';
import type { EventHub } from '../event-hub.ts';
import type { Publishers } from './publishers.ts';
import { strangerError } from './stranger-error.ts';

/** Starts the RTMP server and ties it to who publishes. @throws MiroliveError PORT_IN_USE, INVALID_CONFIG */
export async function startRtmp(
  { rtmp: { host, port, tls, maxConnections }, ingest, limits }: Pick<Config, 'rtmp' | 'ingest' | 'limits'>,
  {
    publishers,
    hub,
    log,
    health,
  }: {
    readonly publishers: Publishers;
    readonly hub: EventHub;
    readonly log: Logger;
    readonly health: HealthListener;
  },
): Promise<RtmpServer> {
  const { port: tlsPort, cert, key } = tls;
  const rtmp = await RtmpServer.create({
    settings: {
      host,
      port,
      tls: tlsPort !== null && cert !== null && key !== null ? { port: tlsPort, cert, key } : null,
      maxConnections,
      maxBitrateBps: limits.sourceBitrate,
    },
    authorise: (request) => {
      const { id } = publishers.admit({ ...request, end: () => rtmp.end(id) });
      return id;
    },
    ...{ log, health, maxMemoryBytes: ingest.maxMemory },
  });
  rtmp.on('stranger', ({ protocol, address, ...told }) =>
    publishers.turnAway({ protocol, address }, strangerError(told, rtmp)),
  );
  rtmp.on('publish', ({ id, ...media }) => publishers.begin(id, { protocol: 'rtmp', ...media }));
  rtmp.on('tracks', (id, tracks) => publishers.setTracks(id, tracks));
  rtmp.on('otherCodec', (id, codec) => publishers.refuseCodec(id, codec));
  rtmp.on('unpublish', (id, reason) => publishers.release(id, reason));
  rtmp.on('silent', (id, silent) => publishers.setSilent(id, silent));
  rtmp.on('died', ({ pid, message }) => hub.announce({ type: 'rtmp.died', pid, message }));
  rtmp.on('back', ({ pid }) => hub.announce({ type: 'rtmp.back', pid }));
  return rtmp;
}
