import { describe, expect, it } from 'vitest';
import { isInNetwork, readAddress, readNetwork } from '../../src/contract/network.ts';

describe('readNetwork', () => {
  it.each([
    { text: '192.0.2.4', network: '192.0.2.4' },
    { text: '192.0.2.4/32', network: '192.0.2.4' },
    { text: '192.0.2.77/24', network: '192.0.2.0/24' },
    { text: '::ffff:192.0.2.4', network: '192.0.2.4' },
    { text: '0.0.0.0/0', network: '0.0.0.0/0' },
    { text: '2001:db8:1:2:3:4:5:6', network: '2001:db8:1:2::/64' },
    { text: '2001:DB8::5', network: '2001:db8::/64' },
    { text: '2001:db8:1:2::/128', network: '2001:db8:1:2::/64' },
    { text: '2001:db8:1:ff00::/56', network: '2001:db8:1:ff00::/56' },
    { text: '2001:db8:ffff::/33', network: '2001:db8:8000::/33' },
    { text: '::1', network: '::/64' },
    { text: '1:2:3:4:5:6:7:8', network: '1:2:3:4::/64' },
    { text: '::', network: '::/64' },
  ])('takes $text as $network', ({ text, network }) => {
    expect(readNetwork(text)?.text).toBe(network);
    expect(readNetwork(network)?.text).toBe(network);
  });

  it.each([
    ...['', 'lobby', '192.0.2', '192.0.2.256', '192.0.2.4/33', '192.0.2.4/', '192.0.2.4/-1', '192.0.2.4/8/8'],
    ...[
      '1:2:3',
      '1::2::3',
      '1:2:3:4:5:6:7:8:9',
      '1:2:3:4:5:6:7::8:9',
      '2001:db8::/129',
      'fe80::1%eth0',
      '12345::',
      ':::',
    ],
    ...['2001:db8::g', '/24', '::/', ' 192.0.2.4', '192.0.2.4 ', '0x7f.0.0.1'],
  ])('takes %j for none', (text) => {
    expect(readNetwork(text)).toBeNull();
  });
});

describe('isInNetwork', () => {
  it.each([
    {
      network: '192.0.2.0/24',
      inside: ['192.0.2.0', '192.0.2.255', '::ffff:192.0.2.9'],
      outside: ['192.0.3.0', '2001:db8::1'],
    },
    { network: '192.0.2.4', inside: ['192.0.2.4'], outside: ['192.0.2.5'] },
    {
      network: '2001:db8:1:2::9',
      inside: ['2001:db8:1:2:ffff::', '2001:db8:1:2::'],
      outside: ['2001:db8:1:3::9', '192.0.2.4'],
    },
    { network: '2001:db8::/32', inside: ['2001:db8:ffff::1'], outside: ['2001:db9::1'] },
  ])('$network', ({ network, inside, outside }) => {
    const read = readNetwork(network);
    if (!read) throw new Error('expected a network');
    for (const address of inside)
      expect([address, isInNetwork(read, readAddress(address))]).toEqual([address, true]);
    for (const address of [...outside, 'unknown', ''])
      expect([address, isInNetwork(read, readAddress(address))]).toEqual([address, false]);
  });
});
