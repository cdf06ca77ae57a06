import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { config } from '../../../src/contract/config.ts';
import type { Finding } from '../../../src/contract/finding.ts';
import { addressFinding } from '../../../src/daemon/ops/address-finding.ts';

const entry = (address: string) =>
  ({
    address,
    internal: address === '127.0.0.1',
    family: address.includes(':') ? 'IPv6' : 'IPv4',
  }) as NetworkInterfaceInfo;
const lo = [entry('127.0.0.1')];
const connected = { lo, eth0: [entry('10.1.0.7'), entry('2001:db8::7')] };
interface Case {
  readonly name: string;
  readonly webrtc: Record<string, unknown>;
  readonly interfaces?: NodeJS.Dict<NetworkInterfaceInfo[]>;
  readonly expected: Partial<Finding>;
}

const ok = (detail: string) => ({ check: 'addresses', state: 'ok' as const, detail, fix: null });

test.each<Case>([
  { name: 'all that there are', webrtc: {}, expected: ok('10.1.0.7, 127.0.0.1') },
  {
    name: 'none but loopback',
    ...{ webrtc: {}, interfaces: { lo } },
    expected: { state: 'warn', detail: 'this machine has no network now: nobody else can watch' },
  },
  {
    name: 'none at all',
    ...{ webrtc: {}, interfaces: {} },
    expected: { state: 'warn', detail: 'this machine has no network now: nobody else can watch' },
  },
  { name: 'loopback as it is set', webrtc: { listen: ['127.0.0.2'] }, expected: ok('127.0.0.2') },
  {
    name: 'those that are set, however they are written',
    webrtc: { listen: ['2001:DB8:0::7', '0.0.0.0'] },
    expected: ok('2001:DB8:0::7, 10.1.0.7, 127.0.0.1'),
  },
  {
    name: 'one that was there before',
    webrtc: { listen: ['10.1.0.6'] },
    expected: {
      state: 'fail',
      detail:
        'expected webrtc.listen to have addresses of this machine (10.1.0.7, 127.0.0.1, 2001:db8::7), got 10.1.0.6',
      fix: 'Leave webrtc.listen out: addresses are followed then as they come and go',
    },
  },
  {
    name: 'a public one, of a NAT',
    webrtc: { announcedAddress: '8.8.4.4' },
    expected: {
      state: 'warn',
      detail:
        'webrtc.announcedAddress 8.8.4.4 is of no interface of this machine, and this machine has 10.1.0.7, 127.0.0.1',
      fix: 'Right where this machine is behind a NAT that has it, and forwards UDP and TCP 29400 and up to here; else viewers get no picture: leave webrtc.announcedAddress out',
    },
  },
  {
    name: 'one that nobody has',
    webrtc: { announcedAddress: '192.0.2.99', port: 31000 },
    expected: {
      state: 'warn',
      detail:
        'webrtc.announcedAddress 192.0.2.99 is an address for special use, and this machine has 10.1.0.7, 127.0.0.1',
      fix: expect.stringContaining('UDP and TCP 31000 and up'),
    },
  },
  {
    name: 'one of IPv6 that it does not have',
    webrtc: { announcedAddress: '2001:4860:4860::8888' },
    expected: { state: 'warn', detail: expect.stringContaining('this machine has 2001:db8::7') },
  },
  {
    name: 'a name',
    webrtc: { announcedAddress: 'live.example.org' },
    expected: ok('live.example.org is announced for all'),
  },
  {
    name: 'its own',
    webrtc: { announcedAddress: '10.1.0.7' },
    expected: ok('10.1.0.7 is announced for all'),
  },
  {
    name: 'a private one that it does not have',
    webrtc: { announcedAddress: '10.1.0.6' },
    expected: {
      state: 'warn',
      detail:
        'webrtc.announcedAddress 10.1.0.6 is of a private network, and this machine has 10.1.0.7, 127.0.0.1',
      fix: 'Right where this machine is behind a NAT that has it, and forwards UDP and TCP 29400 and up to here; else viewers get no picture: leave webrtc.announcedAddress out',
    },
  },
])('What viewers are told is compared with what there is: $name', ({ webrtc, interfaces, expected }) => {
  const { webrtc: section } = config.parse({ webrtc });
  expect(addressFinding(section, interfaces ?? connected)).toMatchObject(expected);
});
