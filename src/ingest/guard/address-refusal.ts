import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';

/** What each range of addresses is, other than the public ones; named as ipaddr.js does, with its RFCs. */
const rangeWords: Readonly<Record<string, string>> = {
  loopback: 'this machine',
  unspecified: 'this machine',
  private: 'a private network',
  uniqueLocal: 'a private network',
  deprecatedSiteLocal: 'a private network',
  carrierGradeNat: "a provider's inner network",
  linkLocal: 'the local link, where clouds keep their secrets',
  multicast: 'a multicast group',
  broadcast: 'everybody on the local link',
};

/** Public by its number, yet inside every machine of one cloud (Azure's host). */
const cloudHosts: readonly string[] = ['168.63.129.16'];

/**
 * Why an address may not be opened in the name of a source: what it is, where it is not on the public internet.
 *
 * @param address an IPv4 or IPv6 literal
 * @returns null where it is public
 */
export function addressRefusal(address: string): string | null {
  const parsed = unwrapped(address);
  const range = parsed.range();
  if (range !== 'unicast') return rangeWords[range] ?? 'an address for special use';
  // RFC 4291: of all else, only 2000::/3 is given out.
  if (parsed.kind() === 'ipv6' && !parsed.match(ipaddr.parseCIDR('2000::/3')))
    return 'an address for special use';
  const text = parsed.toString();
  if (cloudHosts.includes(text)) return "a cloud's own network";
  return ownAddresses().includes(text) ? 'this machine' : null;
}

/** IPv4 inside of IPv6 is judged as what it is: mapped (RFC 4291), or behind a NAT64 (RFC 6052, the well-known prefix). */
function unwrapped(address: string): ipaddr.IPv4 | ipaddr.IPv6 {
  const parsed = ipaddr.process(address.replace(/%.*$/, ''));
  const behindNat64 = parsed.kind() === 'ipv6' && parsed.match(ipaddr.parseCIDR('64:ff9b::/96'));
  return behindNat64 ? ipaddr.fromByteArray(parsed.toByteArray().slice(12)) : parsed;
}

/** The addresses of this machine. Firewalls treat what it sends to them otherwise than what comes from outside. */
export function ownAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => ipaddr.parse(address.replace(/%.*$/, '')).toString()),
  );
}
