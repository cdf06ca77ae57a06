import { expect, it } from 'vitest';
import { neighbourhoodOf, networkOf, siteOf } from '../../src/contract/network-of.ts';

it.each([
  { address: '192.0.2.4', network: '192.0.2.4' },
  { address: '::ffff:192.0.2.4', network: '192.0.2.4' },
  { address: '2001:db8:1:2:3:4:5:6', network: '2001:db8:1:2' },
  { address: '2001:db8::6', network: '2001:db8:0:0' },
  { address: '2001:db8:1:2::', network: '2001:db8:1:2' },
  { address: '::1', network: '0:0:0:0' },
  { address: 'unknown', network: 'unknown' },
])('$address is counted as $network', ({ address, network }) => {
  expect(networkOf(address)).toBe(network);
});

it.each([
  { address: '192.0.2.4', neighbourhood: '192.0.2' },
  { address: '::ffff:192.0.2.4', neighbourhood: '192.0.2' },
  { address: '2001:db8::6', neighbourhood: '2001:db8:0:0' },
])('$address has its neighbours in $neighbourhood', ({ address, neighbourhood }) => {
  expect(neighbourhoodOf(address)).toBe(neighbourhood);
});

it.each([
  { address: '192.0.2.4', site: null },
  { address: '::ffff:192.0.2.4', site: null },
  { address: '2001:db8:7:2::6', site: '2001:db8:7::/48' },
  { address: '2001:db8::6', site: '2001:db8:0::/48' },
])('$address is of the site $site', ({ address, site }) => {
  expect(siteOf(address)).toBe(site);
});
