import { describe, expect, test } from 'vitest';
import { addressBehind, proxyCheck } from '../../../src/daemon/public-server/client-address.ts';

const isProxy = proxyCheck(['127.0.0.1', '10.0.0.0/8', '2001:db8:1::/48']);
const proxy = '127.0.0.1';

describe('the address of a client', () => {
  test.each([
    { name: 'is that of the connection', peer: '192.0.2.7', client: '192.0.2.7' },
    { name: 'is IPv4 also on a socket of both kinds', peer: '::ffff:192.0.2.7', client: '192.0.2.7' },
    { name: 'is not what a stranger says', peer: '192.0.2.7', list: '192.0.2.9', client: '192.0.2.7' },
    { name: 'is what a proxy says', peer: proxy, list: '192.0.2.9', client: '192.0.2.9' },
    {
      name: 'is what a proxy on a socket of both kinds says',
      peer: '::ffff:10.1.2.3',
      list: '192.0.2.9',
      client: '192.0.2.9',
    },
    {
      name: 'is the last that is no proxy',
      peer: proxy,
      list: '192.0.2.1, 192.0.2.9, 10.0.0.2',
      client: '192.0.2.9',
    },
    { name: 'is the first proxy where all are', peer: proxy, list: '10.0.0.3, 10.0.0.2', client: '10.0.0.3' },
    { name: 'is that of the proxy without a header', peer: proxy, client: proxy },
    { name: 'is that of the proxy where the header is empty', peer: proxy, list: '', client: proxy },
    {
      name: 'is that of the proxy where it says nonsense',
      peer: proxy,
      list: '192.0.2.9, unknown',
      client: proxy,
    },
    {
      name: 'is known where nonsense comes before it',
      peer: proxy,
      list: '<script>, 192.0.2.9',
      client: '192.0.2.9',
    },
    { name: 'may have a port', peer: proxy, list: '192.0.2.9:4711', client: '192.0.2.9' },
    { name: 'may be of IPv6', peer: '2001:db8:1::5', list: '2001:db8:2::9', client: '2001:db8:2::9' },
    { name: 'may be of IPv6 with a port', peer: proxy, list: '[2001:db8:2::9]:80', client: '2001:db8:2::9' },
    { name: 'is no number', peer: proxy, list: '3232235777', client: proxy },
    {
      name: 'stands in Forwarded',
      peer: proxy,
      forwarded: 'for=192.0.2.9;proto=https;by=10.0.0.1',
      client: '192.0.2.9',
    },
    {
      name: 'stands in Forwarded in quotes',
      peer: proxy,
      forwarded: 'For="[2001:db8:2::9]:4711"',
      client: '2001:db8:2::9',
    },
    {
      name: 'is the last of Forwarded',
      peer: proxy,
      forwarded: 'for=192.0.2.1, for=192.0.2.9 ,for=10.0.0.2',
      client: '192.0.2.9',
    },
    { name: 'is hidden', peer: proxy, forwarded: 'for=192.0.2.9, for=_hidden', client: proxy },
    {
      name: 'is not in a Forwarded without it',
      peer: proxy,
      forwarded: 'for=192.0.2.9, proto=https',
      client: proxy,
    },
    {
      name: 'is not in a Forwarded that is malformed',
      peer: proxy,
      forwarded: 'for="192.0.2.1, for=192.0.2.9',
      client: proxy,
    },
    {
      name: 'is what both headers say',
      peer: proxy,
      list: '192.0.2.9',
      forwarded: 'for=192.0.2.9',
      client: '192.0.2.9',
    },
    {
      name: 'is not what one of them says',
      peer: proxy,
      list: '192.0.2.9',
      forwarded: 'for=192.0.2.1',
      client: proxy,
    },
  ])('$name', ({ peer, list, forwarded, client }) => {
    const headers = {
      ...(list !== undefined && { 'x-forwarded-for': list }),
      ...(forwarded !== undefined && { forwarded }),
    };
    expect(addressBehind(peer, headers, isProxy)).toBe(client);
  });

  test.each([
    { name: 'spaces', forwarded: `for=192.0.2.1${' '.repeat(2e5)}!` },
    { name: 'backslashes', forwarded: `for="${'\\'.repeat(2e5)}` },
    { name: 'commas', forwarded: ','.repeat(2e5) },
  ])('is looked for in one pass, whatever stands there: $name', ({ forwarded }) => {
    const steps = proxyCheck([proxy]);
    expect(addressBehind(proxy, { forwarded }, steps)).toBe(proxy);
  });
});
