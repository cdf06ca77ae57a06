import { networkInterfaces } from 'node:os';
import { expect, test } from 'vitest';
import { addressRefusal } from '../../../src/ingest/guard/address-refusal.ts';

const special = 'an address for special use';
const link = 'the local link, where clouds keep their secrets';
const own = 'this machine';
const lan = 'a private network';

test.each([
  ['1.1.1.1', null],
  ['172.15.255.255', null],
  ['172.32.0.0', null],
  ['100.128.0.1', null],
  ['2606:4700::1111', null],
  ['2a00:1450:4001::1', null],
  ['127.0.0.1', own],
  ['127.255.255.254', own],
  ['0.0.0.0', own],
  ['0.1.2.3', own],
  ['::1', own],
  ['::', own],
  ['10.0.0.1', lan],
  ['172.16.0.1', lan],
  ['172.31.255.255', lan],
  ['192.168.1.20', lan],
  ['fc00::1', lan],
  ['fd00:ec2::254', lan],
  ['fec0::1', lan],
  ['100.64.0.1', "a provider's inner network"],
  ['100.100.100.200', "a provider's inner network"],
  ['169.254.169.254', link],
  ['fe80::1', link],
  ['fe80::1%eth0', link],
  ['224.0.0.1', 'a multicast group'],
  ['239.255.255.250', 'a multicast group'],
  ['ff02::1', 'a multicast group'],
  ['255.255.255.255', 'everybody on the local link'],
  ['168.63.129.16', "a cloud's own network"],
  ['192.0.2.1', special],
  ['198.18.0.1', special],
  ['203.0.113.1', special],
  ['240.0.0.1', special],
  ['::ffff:1.1.1.1', null],
  ['::ffff:127.0.0.1', own],
  ['::ffff:a00:1', lan],
  ['::ffff:169.254.169.254', link],
  ['::ffff:0:127.0.0.1', special],
  ['::127.0.0.1', own],
  ['64:ff9b::1.1.1.1', null],
  ['64:ff9b::10.0.0.1', lan],
  ['64:ff9b:1::10.0.0.1', special],
  ['2002:7f00:1::', special],
  ['2001:0:7f00:1::', special],
  ['2001:db8::1', special],
  ['4000::1', special],
  ['100::1', special],
])('addressRefusal of %s is %s', (address, expected) => {
  expect(addressRefusal(address)).toBe(expected);
});

test('addressRefusal refuses every address of this machine', () => {
  const addresses = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).map(({ address }) => address),
  );
  expect(addresses.length).toBeGreaterThan(0);
  for (const address of addresses) expect(addressRefusal(address)).not.toBeNull();
});
