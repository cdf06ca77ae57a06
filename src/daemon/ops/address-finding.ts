import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { Config } from '../../contract/config.ts';
import type { Finding } from '../../contract/finding.ts';
import { addressRefusal } from '../../ingest/guard/address-refusal.ts';
import { absentAddress, isOwnAddress } from '../sfu/absent-address.ts';
import { mediaAddresses, standsFor } from '../sfu/addresses.ts';

const check = 'addresses';

/** Compares what viewers are told to connect to with the addresses that this machine has now. */
export function addressFinding(webrtc: Config['webrtc'], interfaces = networkInterfaces()): Finding {
  const absent = absentAddress(webrtc, interfaces);
  if (absent) return { check, state: 'fail', detail: absent.message, fix: absent.hint };
  const { announcedAddress, listen } = webrtc;
  if (announcedAddress) return announcedFinding(announcedAddress, interfaces);
  const told = mediaAddresses(webrtc).flatMap(({ ip }) => standsFor(ip, interfaces));
  const reached = told.some((address) => !/^(127\.|::1$)/.test(address));
  if (listen || reached) return { check, state: 'ok', detail: told.join(', '), fix: null };
  return {
    check,
    state: 'warn',
    detail: 'this machine has no network now: nobody else can watch',
    fix: 'Connect it: addresses are followed as they come; see which it has: ip address',
  };
}

/** A public one may be the NAT's; a private one that is not this machine's is most likely what it had before. */
function announcedFinding(announced: string, interfaces: ReturnType<typeof networkInterfaces>): Finding {
  const stale =
    isIP(announced) !== 0 &&
    addressRefusal(announced) === 'a private network' &&
    !isOwnAddress(announced, interfaces);
  if (!stale) return { check, state: 'ok', detail: `${announced} is announced for all`, fix: null };
  return {
    check,
    state: 'warn',
    detail: `webrtc.announcedAddress ${announced} is of a private network, and this machine has ${standsFor('0.0.0.0', interfaces).join(', ') || 'none'}`,
    fix: 'Fine where a NAT has it; else leave webrtc.announcedAddress out',
  };
}
