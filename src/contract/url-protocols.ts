import type { Source } from './models.ts';

/** Protocols of the addresses that can be sources. */
export const urlProtocols = ['http', 'https', 'rtsp', 'rtsps', 'srt', 'udp', 'rtmp', 'rtmps'] as const;
export type UrlProtocol = (typeof urlProtocols)[number];

/** Why an address cannot be a source, whatever answers there; null: nothing speaks against it. Does not show it: it may hold a password. */
export function protocolProblem(url: string): string | null {
  const [, protocol = ''] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url) ?? [];
  if (isUrlProtocol(protocol.toLowerCase())) return null;
  const got = protocol === '' ? 'an address without a protocol' : `${protocol}://`;
  return `expected one of ${urlProtocols.join(', ')}, got ${got}`;
}

/** Whether an address with this protocol can be a source. */
export function isUrlProtocol(name: string): name is UrlProtocol {
  return (urlProtocols as readonly string[]).includes(name);
}

/** What a source waits for that is a port which somebody has to call before there is anything of it; null: it is none. */
export function awaitedCaller(source: Source): string | null {
  if (source.kind !== 'url') return null;
  const [, port] = /^srt:\/\/[^/?]*:(\d+)[^?]*\?(?:.*&)?mode=listener(?:&|$)/i.exec(source.url) ?? [];
  return port === undefined ? null : `waits for a caller on port ${port} by SRT`;
}
