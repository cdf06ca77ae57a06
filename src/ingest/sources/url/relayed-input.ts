import { MiroliveError } from '../../../contract/errors.ts';
import type { Mark } from '../../child/mark.ts';
import type { Guard, Opened, RelayOpening } from '../../guard/guard.ts';
import type { Input } from '../input.ts';
import { authority, type SourceAddress } from './address.ts';
import { addressFailure } from './failure.ts';
import { type AddressInput, toldAside } from './told-aside.ts';

/**
 * RTSP, by way of a relay, and for ffmpeg inside of its one TCP connection, whichever way the server sends: with UDP it could name
 * other addresses to send to. Neither can it redirect ffmpeg to another server.
 */
export async function rtspInput(
  address: SourceAddress,
  guard: Guard,
  mark: Mark | null,
  confined?: true,
): Promise<Input> {
  const { host, port, protocol } = address;
  const relay = await guard.openRelay({ host, port, tls: protocol === 'rtsps', confined }, 'rtsp', mark);
  const input = relayed(address, relay, 'rtsp', (inside) => ({
    ...{ protocols: ['tcp', 'rtp'], formats: ['rtsp'] },
    options: ['-rtsp_transport', 'tcp'],
    location: `rtsp://${address.userInfo}${inside}${address.path}${address.search}`,
  }));
  return { ...input, byUdp: () => relay.byUdp() };
}

/** RTMP, by way of a relay; the server hears its own name. */
export async function rtmpInput(
  address: SourceAddress,
  guard: Guard,
  mark: Mark | null,
  confined?: true,
): Promise<Input> {
  const { host, port, protocol } = address;
  const { app, stream } = rtmpNames(address);
  const relay = await guard.openRelay({ host, port, tls: protocol === 'rtmps', confined }, null, mark);
  return relayed(address, relay, 'flv', (inside) => ({
    ...{ protocols: ['rtmp', 'tcp'], formats: ['flv', 'live_flv'] },
    options: [
      ...['-rtmp_app', app, '-rtmp_playpath', stream],
      ...['-rtmp_tcurl', `${protocol}://${authority(address)}/${app}`],
    ],
    location: `rtmp://${address.userInfo}${inside}/${app}/${stream}`,
  }));
}

/** `/app/stream` and `/app/instance/stream`, the stream with its query. @throws MiroliveError INVALID_REQUEST */
function rtmpNames(address: SourceAddress): { app: string; stream: string } {
  const names = address.path.split('/').filter((name) => name !== '');
  if (names.length === 0) {
    const message = `expected /APP/STREAM behind the host of ${address.protocol}://…, got nothing`;
    throw new MiroliveError('INVALID_REQUEST', message);
  }
  const app = names.splice(0, names.length > 2 ? 2 : 1).join('/');
  const stream = names.join('/') + address.search;
  if (stream !== '') return { app, stream };
  // What was said may be a key.
  const message = `expected /APP/STREAM behind the host of ${address.protocol}://…, got one of both`;
  throw new MiroliveError('INVALID_REQUEST', message);
}

/** The password, the key of RTMP, and what a query says. */
function secretsOf({ protocol, userInfo, path, query }: SourceAddress): string[] {
  const key = protocol.startsWith('rtmp') ? [path.split('/').findLast((name) => name !== '') ?? ''] : [];
  return [userInfo.replace(/^[^:]*:|@$/g, ''), ...key, ...query.values()];
}

function relayed(
  address: SourceAddress,
  relay: Opened<RelayOpening>,
  container: string,
  input: (inside: string) => AddressInput,
): Input {
  const inside = `127.0.0.1:${relay.port}`;
  return {
    ...toldAside(input(inside)),
    called: { location: inside, path: authority(address), secrets: secretsOf(address) },
    container,
    ...{ live: true, cutOff: true },
    env: {},
    explain: async (words) => (await relay.refusal()) ?? addressFailure(address, words),
    [Symbol.asyncDispose]: async () => relay.close(),
  };
}
