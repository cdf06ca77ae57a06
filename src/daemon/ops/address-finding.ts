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
  if (announcedAddress) return announcedFinding(announcedAddress, webrtc.port, interfaces);
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

/** One that is not this machine's is right where a NAT has it, which nobody sees from here; else viewers get nothing. */
function announcedFinding(
  announced: string,
  port: number,
  interfaces: ReturnType<typeof networkInterfaces>,
): Finding {
  const family = isIP(announced);
  if (family === 0 || isOwnAddress(announced, interfaces))
    return { check, state: 'ok', detail: `${announced} is announced for all`, fix: null };
  const kind = addressRefusal(announced);
  const what =
    kind === 'a private network' ? 'of a private network' : (kind ?? 'of no interface of this machine');
  const own = standsFor(family === 6 ? '::' : '0.0.0.0', interfaces).join(', ') || 'none';
  const ports = port === 0 ? 'the ports of its workers' : `UDP and TCP ${port} and up`;
  return {
    check,
    state: 'warn',
    detail: `webrtc.announcedAddress ${announced} is ${what}, and this machine has ${own}`,
    fix: `Right where this machine is behind a NAT that has it, and forwards ${ports} to here; else viewers get no picture: leave webrtc.announcedAddress out`,
  };
}
