import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';
import { addressRefusal } from '../../ingest/guard/address-refusal.ts';
import { Network, type NetworkOptions } from '../../ingest/guard/network.ts';

/**
 * The way to a receiver: public addresses, and what `webhooks.allow` names; what sources may does not count. Each address is checked after it
 * was looked up, and no other one is connected to.
 *
 * @param host a name or an address, without brackets
 * @param allow names, addresses and networks
 */
export function receiverNetwork(
  host: string,
  allow: readonly string[],
  lookup?: NetworkOptions['lookup'],
): Network {
  const name = host.toLowerCase().replace(/\.$/, '');
  const isNamed = isIP(host) === 0 && allow.some((one) => one.toLowerCase() === name);
  const networks = allow.flatMap(networkOf);
  return new Network({
    allowPrivateNetworks: isNamed,
    refusal: (address) => (networks.some((one) => holds(one, address)) ? null : addressRefusal(address)),
    lookup,
  });
}

type Range = readonly [ipaddr.IPv4 | ipaddr.IPv6, number];

function networkOf(word: string): Range[] {
  const [address = '', bits] = word.split('/');
  if (isIP(address) === 0) return [];
  const parsed = ipaddr.parse(address);
  return [[parsed, bits === undefined ? parsed.toByteArray().length * 8 : Number(bits)]];
}

/** IPv4 inside of IPv6 (RFC 4291, mapped) is what it is. */
function holds([network, bits]: Range, address: string): boolean {
  const parsed = ipaddr.process(address.replace(/%.*$/, ''));
  return parsed.kind() === network.kind() && parsed.match(network as never, bits);
}
