/** What stands for one client where clients are counted: its IPv4 address, or the /64 of an IPv6 address, since whoever has one of those has all of it. */
export function networkOf(address: string): string {
  const ipv4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (ipv4 !== undefined || !address.includes(':')) return ipv4 ?? address;
  const [head = '', tail] = address.split('::');
  const groups = (text: string | undefined) => (text ? text.split(':') : []);
  const missing = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: missing }, () => '0'), ...groups(tail)];
  return all.slice(0, 4).join(':');
}

/** The line that an IPv6 address may have come by, with many networks of its own: its /48; null: IPv4 has none. */
export function siteOf(address: string): string | null {
  const network = networkOf(address);
  return network.includes(':') ? `${network.split(':', 3).join(':')}::/48` : null;
}

/** What of IPv6 one site may use, in parts of what one network may. */
export const siteFactor = 2;

/** Where whoever floods may have neighbours: the /24 of an IPv4 address, the /64 of an IPv6 address. */
export function neighbourhoodOf(address: string): string {
  const network = networkOf(address);
  return network.includes(':') ? network : network.slice(0, network.lastIndexOf('.'));
}
