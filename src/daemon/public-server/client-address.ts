import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Gives the address of whoever made a request. */
export type AddressOf = (request: Pick<IncomingMessage, 'socket' | 'headers'>) => string;

/** @param proxies addresses and networks, whose word on a client's address is taken */
export function clientAddress(proxies: readonly string[]): AddressOf {
  const isProxy = proxyCheck(proxies);
  return ({ socket, headers }) => addressBehind(socket.remoteAddress ?? '', headers, isProxy);
}

/** Whether an address is that of a trusted proxy. */
export function proxyCheck(proxies: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, address.includes(':') ? 'ipv6' : 'ipv4');
}

/**
 * The client behind trusted proxies: of the hops that they name, the last that is no proxy itself. A proxy writes one header
 * and passes on the other as the client sent it, and nothing says which is which: where both are there, they must agree. What
 * cannot be believed leaves the last proxy's own address.
 */
export function addressBehind(
  peer: string,
  { 'x-forwarded-for': list, forwarded }: IncomingHttpHeaders,
  isProxy: (address: string) => boolean,
): string {
  const direct = plain(peer);
  if (!isProxy(direct)) return direct;
  const clients = [
    list === undefined ? [] : [lastStranger(direct, String(list).split(',').map(nodeAddress), isProxy)],
    forwarded === undefined ? [] : [lastStranger(direct, forwardedHops(forwarded), isProxy)],
  ].flat();
  const [client = direct, other = client] = clients;
  return client === other ? client : direct;
}

/** Goes back from the peer, hop by hop, as far as each of them is trusted and names the one before it. */
function lastStranger(
  peer: string,
  hops: readonly (string | null)[],
  isProxy: (address: string) => boolean,
): string {
  let last = peer;
  for (const hop of hops.toReversed()) {
    if (hop === null || !isProxy(last)) return last;
    last = hop;
  }
  return last;
}

/** One `name=value` of a Forwarded header, with what follows it (RFC 7239, 4). */
const pair = /[ \t]*(?:([\w!#$%&'*+.^`|~-]+)=("(?:[^"\\]|\\.)*"|[\w!#$%&'*+.^`|~-]+)[ \t]*)?([;,]|$)/y;

/** The hops of a Forwarded header; none where it is malformed. */
function forwardedHops(header: string): (string | null)[] {
  const hops: (string | null)[] = [null];
  pair.lastIndex = 0;
  while (pair.lastIndex < header.length) {
    const [, name, value = '', end] = pair.exec(header) ?? [];
    if (end === undefined) return [];
    if (name?.toLowerCase() === 'for') hops[hops.length - 1] = nodeAddress(value.replaceAll('"', ''));
    if (end === ',') hops.push(null);
    if (end === '') break;
  }
  return hops;
}

/** `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`; null: not an address, such as `unknown` and `_hidden`. */
function nodeAddress(text: string): string | null {
  const node = text.trim();
  const inBrackets = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(node)?.[1];
  const address = inBrackets ?? node.replace(/^([^:]*):\d{1,5}$/, '$1');
  return isIP(address) === 0 ? null : plain(address);
}

/** An IPv4 address as such, also where it came on a socket of both kinds. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '');
}
