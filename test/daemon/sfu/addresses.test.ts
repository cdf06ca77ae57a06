import type { NetworkInterfaceInfo } from 'node:os';
import type { types } from 'mediasoup';
import { describe, expect, it, test } from 'vitest';
import { config } from '../../../src/contract/config.ts';
import { currentCandidates, mediaAddresses, primaryAddress } from '../../../src/daemon/sfu/addresses.ts';

const entry = (address: string, internal = false) =>
  ({ address, internal, family: address.includes(':') ? 'IPv6' : 'IPv4' }) as NetworkInterfaceInfo;
const machine = {
  lo: [entry('127.0.0.1', true), entry('::1', true)],
  eth0: [entry('192.0.2.7'), entry('2001:db8::7'), entry('fe80::7')],
  wlan0: [entry('198.51.100.7')],
};
const candidate = (address: string, protocol: types.TransportProtocol, priority: number) => {
  const tcp = protocol === 'tcp' ? { tcpType: 'passive' as const } : {};
  const place = { address, ip: address, port: 29_400, protocol, ...tcp };
  return { foundation: `${protocol}candidate`, priority, type: 'host' as const, ...place };
};

test.each([
  { name: 'any of IPv4', webrtc: {}, expected: [{ ip: '0.0.0.0' }] },
  {
    name: 'those that are set',
    webrtc: { listen: ['192.0.2.7', '::'] },
    expected: [{ ip: '192.0.2.7' }, { ip: '::' }],
  },
  {
    name: 'one that stands for all',
    webrtc: { listen: ['192.0.2.7', '::1'], announcedAddress: 'live.example.org' },
    expected: [{ ip: '192.0.2.7', announcedAddress: 'live.example.org' }],
  },
])('Media is listened for on $name', ({ webrtc, expected }) => {
  expect(mediaAddresses(config.parse({ webrtc }).webrtc)).toEqual(expected);
});

describe('currentCandidates', () => {
  it('tells each address that there is by now, loopback last, UDP first, and none twice as dear', () => {
    const any = [
      candidate('0.0.0.0', 'udp', 1_076_558_079),
      candidate('0.0.0.0', 'tcp', 1_076_276_479),
      candidate('::', 'udp', 1_076_506_879),
    ];
    const told = currentCandidates(any, machine);
    expect(told.map(({ protocol, address }) => `${protocol} ${address}`)).toEqual([
      ...['udp 192.0.2.7', 'udp 198.51.100.7', 'udp 127.0.0.1'],
      ...['tcp 192.0.2.7', 'tcp 198.51.100.7', 'tcp 127.0.0.1'],
      ...['udp 2001:db8::7', 'udp ::1'],
    ]);
    expect(told.every(({ ip, address, port }) => ip === address && port === 29_400)).toBe(true);
    const priorities = told.map(({ priority }) => priority);
    expect(new Set(priorities).size).toBe(told.length);
    const of = (wanted: string) =>
      told.flatMap(({ protocol, priority }) => (protocol === wanted ? priority : []));
    expect(Math.min(...of('udp'))).toBeGreaterThan(Math.max(...of('tcp')));
  });

  it('tells eight addresses of a family at most', () => {
    const many = { eth0: Array.from({ length: 20 }, (_, index) => entry(`192.0.2.${index}`)) };
    expect(currentCandidates([candidate('0.0.0.0', 'udp', 1_076_558_079)], many)).toHaveLength(8);
  });

  it('leaves alone what is of one address, or announced', () => {
    const given = ['192.0.2.9', 'live.example.org'].map((address) => candidate(address, 'udp', 1));
    expect(currentCandidates(given, machine)).toEqual(given);
  });
});

test.each([
  { name: 'its first', interfaces: machine, expected: '192.0.2.7' },
  { name: 'loopback before there is a network', interfaces: { lo: machine.lo }, expected: '127.0.0.1' },
  { name: 'loopback before there is anything', interfaces: {}, expected: '127.0.0.1' },
])('A machine is reached at $name', ({ interfaces, expected }) => {
  expect(primaryAddress(interfaces)).toBe(expected);
});
