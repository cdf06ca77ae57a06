import { networkInterfaces } from 'node:os';
import type { types } from 'mediasoup';
import type { Config } from '../../contract/config.ts';

/** Where a WebRtcServer listens, and what it tells viewers to connect to. */
export interface MediaAddress {
  readonly ip: string;
  readonly announcedAddress?: string;
}

type Interfaces = ReturnType<typeof networkInterfaces>;

/** At most so many addresses are announced: each is a candidate that every viewer tries. */
const maxAddresses = 8;

/** How much less the next address is preferred (RFC 8445, 5.1.2.1); mediasoup's own are 100 apart. */
const localPreferenceStep = 10 * 2 ** 8;

/** Stands for whatever addresses this machine has by then. */
const wildcards: Readonly<Record<string, 'IPv4' | 'IPv6'>> = { '0.0.0.0': 'IPv4', '::': 'IPv6' };

/**
 * The addresses to listen on for media: those of the configuration, else any of IPv4, since a WebRtcServer's are for
 * good and a machine's are not. An announced address stands for all of them.
 */
export function mediaAddresses(webrtc: Config['webrtc']): MediaAddress[] {
  const [first = '0.0.0.0', ...others] = webrtc.listen ?? [];
  if (webrtc.announcedAddress) return [{ ip: first, announcedAddress: webrtc.announcedAddress }];
  return [first, ...others].map((ip) => ({ ip }));
}

/**
 * The candidates to tell a client now: those for any address become one for each that this machine has, loopback last,
 * so that a browser on this machine works without a network.
 */
export function currentCandidates(
  candidates: readonly types.IceCandidate[],
  interfaces = networkInterfaces(),
): types.IceCandidate[] {
  return candidates.flatMap((candidate) =>
    standsFor(candidate.address, interfaces).map((address, index) => ({
      ...candidate,
      ...{ address, ip: address, priority: candidate.priority - index * localPreferenceStep },
    })),
  );
}

/** The addresses that one to listen on stands for now: itself, or those of this machine. */
export function standsFor(address: string, interfaces = networkInterfaces()): string[] {
  const family = wildcards[address];
  return family ? ownAddresses(family, interfaces) : [address];
}

/** The address that this machine is most likely reached at: its first that is not loopback. */
export function primaryAddress(interfaces = networkInterfaces()): string {
  const [first = '127.0.0.1'] = ownAddresses('IPv4', interfaces);
  return first;
}

/** The addresses of this machine, loopback last, without those of IPv6 that only count on one link. */
function ownAddresses(family: 'IPv4' | 'IPv6', interfaces: Interfaces): string[] {
  return Object.values(interfaces)
    .flatMap((entries) => entries ?? [])
    .filter((entry) => entry.family === family && !entry.address.startsWith('fe80:'))
    .sort((a, b) => Number(a.internal) - Number(b.internal))
    .slice(0, maxAddresses)
    .map(({ address }) => address);
}
