import type { Config } from '../../contract/config.ts';
import type { PublishAddresses } from '../../contract/publishing.ts';
import { primaryAddress } from '../sfu/addresses.ts';

/** The ports that RTMP and RTMPS listen on; null: they do not. */
export interface RtmpPorts {
  readonly rtmp: number | null;
  readonly rtmps: number | null;
}

/** The addresses of the RTMP server as encoders reach it, without a slash at the end; null where there is none. */
export function rtmpAddresses({ http, rtmp }: Pick<Config, 'http' | 'rtmp'>, ports: RtmpPorts) {
  const anyAddress = ['0.0.0.0', '::'].includes(rtmp.host);
  // The name that people know this machine by; it is in brackets already where it is an IPv6 address.
  const publicName = http.publicUrl && new URL(http.publicUrl).hostname;
  const name = publicName ?? (anyAddress ? primaryAddress() : rtmp.host);
  const host = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name;
  const address = (scheme: string, port: number | null) =>
    port === null ? null : `${scheme}://${host}:${port}`;
  return { rtmp: address('rtmp', ports.rtmp), rtmps: address('rtmps', ports.rtmps) };
}

/** What to tell an encoder that is to publish into a room. @param viewerUrl the page's address, without a slash at the end */
export function publishAddresses(
  config: Pick<Config, 'http' | 'rtmp'>,
  viewerUrl: string,
  ports: RtmpPorts,
  room: string,
): PublishAddresses {
  const { rtmp, rtmps } = rtmpAddresses(config, ports);
  const inRoom = (address: string | null) => (address === null ? null : `${address}/${room}`);
  return { rtmp: inRoom(rtmp), rtmps: inRoom(rtmps), whip: `${viewerUrl}/whip/${room}` };
}
