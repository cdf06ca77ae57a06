import { networkInterfaces } from 'node:os';
import type { Config } from '../../contract/config.ts';

/** Where a WebRtcServer listens, and what it tells viewers to connect to. */
export interface MediaAddress {
  readonly ip: string;
  readonly announcedAddress?: string;
}

/** At most so many addresses are announced: each is a candidate that every viewer tries. */
const maxAddresses = 8;

/**
 * The addresses for media: those of the configuration, else every IPv4 address of this machine, loopback last, so that
 * a browser on this machine works without a network. An announced address stands for all of them.
 */
export function mediaAddresses(webrtc: Config['webrtc'], interfaces = networkInterfaces()): MediaAddress[] {
  if (webrtc.announcedAddress) {
    return [{ ip: webrtc.listen?.[0] ?? '0.0.0.0', announcedAddress: webrtc.announcedAddress }];
  }
  if (webrtc.listen) return webrtc.listen.map((ip) => ({ ip }));
  const all = Object.values(interfaces).flatMap((entries) => entries ?? []);
  const ipv4 = all
    .filter((entry) => entry.family === 'IPv4')
    .sort((a, b) => Number(a.internal) - Number(b.internal));
  return ipv4.slice(0, maxAddresses).map((entry) => ({ ip: entry.address }));
}

/** The address that this machine is most likely reached at: its first that is not loopback. */
export function primaryAddress(interfaces = networkInterfaces()): string {
  const all = Object.values(interfaces).flatMap((entries) => entries ?? []);
  return all.find((entry) => entry.family === 'IPv4' && !entry.internal)?.address ?? '127.0.0.1';
}
