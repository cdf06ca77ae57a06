import { expect, it } from 'vitest';
import { config as configSchema } from '../../../src/contract/config.ts';
import { publishAddresses } from '../../../src/daemon/publishers/publish-addresses.ts';

const cases = [
  {
    name: 'the address that RTMP listens on',
    config: { rtmp: { host: '192.0.2.4' } },
    ports: { rtmp: 1935, rtmps: null },
    expected: { rtmp: 'rtmp://192.0.2.4:1935/lobby', rtmps: null },
  },
  {
    name: 'an IPv6 address, in brackets',
    config: { rtmp: { host: '2001:db8::4' } },
    ports: { rtmp: 1935, rtmps: null },
    expected: { rtmp: 'rtmp://[2001:db8::4]:1935/lobby', rtmps: null },
  },
  {
    name: 'the name that viewers know',
    config: { http: { publicUrl: 'https://live.example.org/x' }, rtmp: { host: '192.0.2.4' } },
    ports: { rtmp: 1935, rtmps: 1936 },
    expected: { rtmp: 'rtmp://live.example.org:1935/lobby', rtmps: 'rtmps://live.example.org:1936/lobby' },
  },
  {
    name: 'none where RTMP is off',
    config: {},
    ports: { rtmp: null, rtmps: null },
    expected: { rtmp: null, rtmps: null },
  },
];

it.each(cases)('publishAddresses gives $name', ({ config, ports, expected }) => {
  const addresses = publishAddresses(configSchema.parse(config), 'https://live.example.org', ports, 'lobby');
  expect(addresses).toEqual({ ...expected, whip: 'https://live.example.org/whip/lobby' });
});
