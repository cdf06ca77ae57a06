import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { MiroliveError } from '../../../contract/errors.ts';
import type { Source } from '../../../contract/models.ts';
import { isUrlProtocol, protocolProblem, type UrlProtocol } from '../../../contract/url-protocols.ts';
import { ownAddresses } from '../../guard/address-refusal.ts';

/** Protocols of addresses, with the port where none is named; null: one has to be. */
const defaultPorts = {
  http: 80,
  https: 443,
  rtsp: 554,
  rtsps: 322,
  rtmp: 1935,
  rtmps: 443,
  srt: null,
  udp: null,
} as const satisfies Record<UrlProtocol, number | null>;
export type Protocol = UrlProtocol;

/** An address in parts; nothing of it has been looked up. */
export interface SourceAddress {
  readonly protocol: Protocol;
  /** A name or an address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** `user:password@` as it stands in the address, percent-encoded; else empty. */
  readonly userInfo: string;
  /** Begins with a slash, where there is one. */
  readonly path: string;
  /** As it stands in the address, with its `?`; else empty. */
  readonly search: string;
  readonly query: URLSearchParams;
  readonly href: string;
}

/**
 * Reads an address as it was typed.
 *
 * @throws MiroliveError SOURCE_PROTOCOL, INVALID_REQUEST; neither shows the address, which may hold a password
 */
export function readAddress(text: string): SourceAddress {
  const [, protocol = ''] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  const known = protocol.toLowerCase();
  if (!isUrlProtocol(known)) throw new MiroliveError('SOURCE_PROTOCOL', protocolProblem(text) ?? '');
  // `srt://:9000` and `udp://@:5000` are usual for all addresses of this machine, `#!::` for the beginning of an SRT stream id.
  const typed = text.replace(/^(\w+:\/\/@?):/, '$10.0.0.0:').replaceAll('#', known === 'srt' ? '%23' : '#');
  const url = URL.parse(typed);
  const port = url?.port ? Number(url.port) : defaultPorts[known];
  if (!url || url.hostname === '' || port === null || !isDecodable(url)) {
    const form = defaultPorts[known] === null ? 'HOST:PORT' : 'HOST';
    throw new MiroliveError('INVALID_REQUEST', `expected an address such as ${known}://${form}/PATH`);
  }
  const { username, password, pathname: path, search, href } = url;
  // A plus is one: only forms of HTML write a space so.
  const query = new URLSearchParams(search.replaceAll('+', '%2B'));
  if (known === 'srt' && /^\w+:\/\/@?:/.test(text) && query.get('mode') !== 'listener')
    throw new MiroliveError(
      'INVALID_REQUEST',
      'expected of an srt address a host to call, or mode=listener',
      {
        hint: 'To be called, put ?mode=listener behind the port, and the address in quotes',
      },
    );
  const userInfo = username === '' && password === '' ? '' : `${username}:${password}@`;
  const host = url.hostname.replace(/^\[|\]$/g, '');
  return { protocol: known, host, port, userInfo, path, search, query, href };
}

function isDecodable({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password);
    return true;
  } catch {
    return false;
  }
}

/** Host and port as they stand in an address. */
export function authority({ host, port }: Pick<SourceAddress, 'host' | 'port'>): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** Whether an address is a port of this machine that somebody sends to. */
export function opensPort({ protocol, query }: SourceAddress): boolean {
  return protocol === 'udp' || (protocol === 'srt' && query.get('mode') === 'listener');
}

/** Whether a source is fetched by SRT. */
export function isSrt(source: Source): source is Extract<Source, { kind: 'url' }> {
  return source.kind === 'url' && readAddress(source.url).protocol === 'srt';
}

/**
 * Makes sure that an address is one to listen on: of this machine, or, where that is allowed, of a multicast group.
 *
 * @throws MiroliveError INVALID_REQUEST
 */
export function checkListening({ protocol, host }: SourceAddress, { groups }: { groups: boolean }): void {
  const parsed = isIP(host) === 0 ? null : ipaddr.process(host);
  const range = parsed?.range();
  if (range === 'unspecified' || range === 'loopback' || (groups && range === 'multicast')) return;
  if (parsed && ownAddresses().includes(parsed.toString())) return;
  const group = groups ? ' or of a multicast group' : '';
  throw new MiroliveError(
    'INVALID_REQUEST',
    `expected an IP address of this machine${group} to listen on, got ${host}`,
    { hint: `To listen on all of them: ${protocol}://0.0.0.0:PORT` },
  );
}

/** The numbers and words of a query that are taken, as options of ffmpeg. */
export function queryOptions(
  { protocol, query }: SourceAddress,
  known: Readonly<Record<string, RegExp>>,
): string[] {
  return [...query].flatMap(([name, value]) => {
    const form = Object.hasOwn(known, name) ? known[name] : undefined;
    if (form?.test(value)) return [`-${name}`, value];
    const names = Object.keys(known).join(', ');
    const what = form ? `an unusual value for ${name}` : name;
    throw new MiroliveError(
      'INVALID_REQUEST',
      `expected of a ${protocol} address only ${names}; got ${what}`,
    );
  });
}
