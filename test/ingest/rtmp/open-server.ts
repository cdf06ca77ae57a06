import { MiroliveError } from '../../../src/contract/errors.ts';
import type { PublishRequest, RtmpSettings } from '../../../src/ingest/rtmp/calls.ts';
import { RtmpServer, type RtmpServerOptions } from '../../../src/ingest/rtmp/rtmp-server.ts';
import { collect } from '../../helpers/collect.ts';
import { connectMessage, handshake, publishMessage, RawRtmp } from '../../helpers/raw-rtmp.ts';
import { silentLog } from '../../helpers/state.ts';

/** A server that takes the secrets key1, key2 … and calls their publications p-1, p-2 … */
export async function openServer(
  settings: Partial<RtmpSettings> = {},
  options: Partial<RtmpServerOptions> = {},
) {
  const asked: PublishRequest[] = [];
  const server = await RtmpServer.create({
    settings: {
      host: '127.0.0.1',
      port: 0,
      tls: null,
      maxConnections: 100,
      maxBitrateBps: 50_000_000,
      ...settings,
    },
    authorise: (request) => {
      asked.push(request);
      const [, number] = /^key(\d+)$/.exec(request.secret) ?? [];
      if (number !== undefined) return `p-${number}`;
      throw request.secret === 'taken'
        ? new MiroliveError('PUBLISHER_CONFLICT', 'from 192.0.2.7')
        : new MiroliveError('KEY_UNKNOWN', 'no');
    },
    ...{ log: silentLog, maxMemoryBytes: 2 ** 30 },
    ...options,
  });
  const url = (secret: string) => `rtmp://127.0.0.1:${server.port}/lobby/${secret}`;
  return {
    ...{ server, asked, url },
    ...{ published: collect(server, 'publish'), unpublished: collect(server, 'unpublish') },
    tracks: collect(server, 'tracks'),
    strangers: collect(server, 'stranger'),
    ...{ silent: collect(server, 'silent'), died: collect(server, 'died'), back: collect(server, 'back') },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** What comes by a raw client that publishes, up to the answer. */
export async function rawPublisher(port: number, secret: string): Promise<RawRtmp> {
  const client = await RawRtmp.connect(port);
  client.send(handshake, connectMessage('lobby'), publishMessage(secret));
  return client;
}
