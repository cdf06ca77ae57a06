import { BlockList, isIPv6 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Config } from '../../contract/config.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { mediaAddresses, standsFor } from './addresses.ts';

/** What is wrong with an address to listen on that this machine does not have now; null: it has them all. */
export function absentAddress(
  webrtc: Config['webrtc'],
  interfaces = networkInterfaces(),
): MiroliveError | null {
  const own = ownList(interfaces);
  const absent = mediaAddresses(webrtc).find(({ ip }) => !/^[0:.]+$/.test(ip) && !has(own, ip));
  if (!absent) return null;
  const known = ['0.0.0.0', '::'].flatMap((any) => standsFor(any, interfaces)).join(', ') || 'none';
  return new MiroliveError(
    'INVALID_CONFIG',
    `expected webrtc.listen to have addresses of this machine (${known}), got ${absent.ip}`,
    { hint: 'Leave webrtc.listen out: addresses are followed then as they come and go' },
  );
}

/** Whether it is this machine's, however it is written. @param address an IPv4 or IPv6 literal */
export function isOwnAddress(address: string, interfaces = networkInterfaces()): boolean {
  return has(ownList(interfaces), address);
}

function ownList(interfaces: ReturnType<typeof networkInterfaces>): BlockList {
  const list = new BlockList();
  // All of it is this machine's, though an interface has one address of it.
  list.addSubnet('127.0.0.0', 8, 'ipv4');
  for (const { address, family } of Object.values(interfaces).flatMap((entries) => entries ?? []))
    list.addAddress(address, family === 'IPv6' ? 'ipv6' : 'ipv4');
  return list;
}

function has(list: BlockList, address: string): boolean {
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
