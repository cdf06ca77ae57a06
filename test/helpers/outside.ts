import { Network, type NetworkOptions } from '../../src/ingest/guard/network.ts';

/** In tests this address of the loopback is the public internet. */
export const outside = '127.0.0.2';

/** A way out for which `outside` is public and all else private; of names it knows those that are given. */
export function testNetwork(
  names: Readonly<Record<string, string | readonly string[]>> = {},
  options: Partial<NetworkOptions> = {},
): Network {
  return new Network({
    allowPrivateNetworks: false,
    refusal: (address) => (address === outside ? null : 'a place that is private here'),
    lookup: async (host) => {
      const found = names[host];
      if (found === undefined) throw new Error(`getaddrinfo ENOTFOUND ${host}`);
      return [found].flat().map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    },
    ...options,
  });
}
