import type { Config } from '../../contract/config.ts';
import type { PublishAddresses } from '../../contract/publishing.ts';
import { primaryAddress } from '../media/addresses.ts';

/** The ports that RTMP and RTMPS listen on; null: they do not. */
export interface RtmpPorts {
  readonly rtmp: number | null;
  readonly rtmps: number | null;
}

/** What to tell an encoder that is to publish into a room. @param viewerUrl the page's address, without a slash at the end */
export function publishAddresses(
  { http, rtmp }: Pick<Config, 'http' | 'rtmp'>,
  viewerUrl: string,
  ports: RtmpPorts,
  room: string,
): PublishAddresses {
  const anyAddress = ['0.0.0.0', '::'].includes(rtmp.host);
  // The name that people know this machine by; it is in brackets already where it is an IPv6 address.
  const publicName = http.publicUrl && new URL(http.publicUrl).hostname;
  const name = publicName ?? (anyAddress ? primaryAddress() : rtmp.host);
  const host = name.includes(':') && !name.startsWith('[') ? `[${name}]` : name;
  const address = (scheme: string, port: number | null) =>
    port === null ? null : `${scheme}://${host}:${port}/${room}`;
  return {
    rtmp: address('rtmp', ports.rtmp),
    rtmps: address('rtmps', ports.rtmps),
    whip: `${viewerUrl}/whip/${room}`,
  };
}
