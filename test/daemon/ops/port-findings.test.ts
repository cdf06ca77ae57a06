import { expect, test } from 'vitest';
import { config } from '../../../src/contract/config.ts';
import { outgoingFinding } from '../../../src/daemon/ops/port-findings.ts';

const usual = '32768\t60999';
const media = (port: number, count = 1) => [{ key: 'webrtc.port', port, count }];
const kept = (ports: string) => ({
  state: 'warn',
  fix: `Choose ports outside them, or keep these: sysctl -w net.ipv4.ip_local_reserved_ports=${ports}, and the same in /etc/sysctl.d`,
});

test.each([
  { name: 'one below them', ports: media(32_767), expected: { state: 'ok' } },
  { name: 'one among them', ports: media(40_000), expected: kept('40000') },
  { name: 'the last of them', ports: media(60_999), expected: kept('60999') },
  { name: 'several', ports: media(40_000, 4), expected: kept('40000-40003') },
  { name: 'several that begin below them', ports: media(32_766, 4), expected: kept('32768-32769') },
  {
    name: 'of several keys',
    ports: [{ key: 'http.port', port: 50_000, count: 1 }, ...media(40_000, 2)],
    expected: {
      ...kept('50000,40000-40001'),
      detail:
        'Linux gives 32768 to 60999 to outgoing connections, which may have 50000 (http.port), 40000 to 40001 (webrtc.port) at a start',
    },
  },
  { name: 'one where they are not known', ports: media(40_000), range: '', expected: { state: 'ok' } },
  {
    name: 'some that are reserved',
    ports: media(40_000, 3),
    reserved: '8080,40000-40002',
    expected: { state: 'ok' },
  },
  {
    name: 'some of which some are reserved, which must stay so',
    ports: media(40_000, 3),
    reserved: '8080,40000',
    expected: kept('8080,40000,40001-40002'),
  },
])('Ports are compared with those of outgoing connections: $name', (one) => {
  const { ports, range = usual, reserved = '', expected } = one;
  expect(outgoingFinding(ports, range, reserved)).toMatchObject(expected);
});

test('All default ports, for as many workers as there may be, are outside those of outgoing connections', () => {
  const { http, rtmp, webrtc } = config.parse({});
  const first = [http.port, rtmp.port, webrtc.port];
  const ports = first.map((port) => ({ key: `${port}`, port, count: 256 }));
  expect(outgoingFinding(ports, usual, '').state).toBe('ok');
});
