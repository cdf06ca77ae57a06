import { expect, test } from 'vitest';
import { config } from '../../../src/contract/config.ts';
import { freePortFinding } from '../../../src/daemon/ops/port-findings.ts';

const usual = [32_768, 60_999] as const;
const warning = {
  detail: '40000 is free now, but Linux gives 32768 to 60999 to outgoing connections',
  fix: 'Choose a webrtc.port outside them, or keep it: sysctl -w net.ipv4.ip_local_reserved_ports=40000',
};

test.each([
  { name: 'one below them', port: 32_767, outgoing: usual, expected: { state: 'ok' } },
  { name: 'one among them', port: 40_000, outgoing: usual, expected: { state: 'warn', ...warning } },
  { name: 'the last of them', port: 60_999, outgoing: usual, expected: { state: 'warn' } },
  { name: 'any', port: 0, outgoing: [0, 60_999] as const, expected: { state: 'ok' } },
  { name: 'one where they are not known', port: 40_000, outgoing: null, expected: { state: 'ok' } },
])('A port is compared with those of outgoing connections: $name', ({ port, outgoing, expected }) => {
  expect(freePortFinding('media port', port, 'webrtc.port', outgoing)).toMatchObject(expected);
});

test('All default ports, for as many workers as there may be, are outside those of outgoing connections', () => {
  const { http, rtmp, webrtc } = config.parse({});
  for (const port of [http.port, rtmp.port, webrtc.port, webrtc.port + 255])
    expect(freePortFinding('port', port, 'key', usual).state).toBe('ok');
});
