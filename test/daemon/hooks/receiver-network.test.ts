import { expect, test } from 'vitest';
import { receiverNetwork } from '../../../src/daemon/hooks/receiver-network.ts';

const names: Readonly<Record<string, string>> = {
  'hooks.example.org': '93.184.216.34',
  'hooks.lan': '10.1.2.3',
  'cloud.example.org': '169.254.169.254',
};
const lookup = async (host: string) => [{ address: names[host.toLowerCase()] ?? '', family: 4 }];
const isOpen = (host: string, allow: readonly string[]) =>
  receiverNetwork(host, allow, lookup)
    .addresses(host)
    .then(
      () => true,
      () => false,
    );

test.each([
  { host: 'hooks.example.org', allow: [], expected: true },
  { host: '93.184.216.34', allow: [], expected: true },
  { host: 'hooks.lan', allow: [], expected: false },
  { host: 'hooks.lan', allow: ['hooks.lan'], expected: true },
  { host: 'HOOKS.lan', allow: ['Hooks.Lan'], expected: true },
  { host: 'hooks.lan', allow: ['10.0.0.0/8'], expected: true },
  { host: 'hooks.lan', allow: ['10.1.2.3'], expected: true },
  { host: 'hooks.lan', allow: ['10.1.2.4', '192.168.0.0/16', 'other.lan'], expected: false },
  { host: '10.1.2.3', allow: ['hooks.lan'], expected: false },
  { host: '127.0.0.1', allow: [], expected: false },
  { host: '127.0.0.1', allow: ['127.0.0.1'], expected: true },
  { host: '::ffff:127.0.0.1', allow: [], expected: false },
  { host: '::ffff:10.1.2.3', allow: ['10.0.0.0/8'], expected: true },
  { host: '::1', allow: ['127.0.0.1'], expected: false },
  { host: '::1', allow: ['::1'], expected: true },
  { host: 'fd00::1', allow: ['fd00::/8'], expected: true },
  { host: 'cloud.example.org', allow: ['10.0.0.0/8'], expected: false },
])('$host may be opened where $allow is allowed: $expected', async ({ host, allow, expected }) => {
  expect(await isOpen(host, allow)).toBe(expected);
});
