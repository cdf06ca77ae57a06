import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseConfig } from '../../src/contract/config-file.ts';

const read = (name: string) => readFileSync(`packaging/container/${name}`, 'utf8');
const { mirolive: service } = parse(read('compose.yaml')).services;
const config = parseConfig(read('mirolive.yaml'), 'mirolive.yaml');
const containerfile = read('Containerfile');

test('compose.yaml publishes the ports of the configuration beside it, and no others', () => {
  const { port, count } = { ...config.webrtc, ...config.workers };
  const media = `${port}-${port + (count ?? 0) - 1}`;
  const ports = [`${config.http.port}/tcp`, `${config.rtmp.port}/tcp`, `${media}/udp`, `${media}/tcp`];
  expect(service.ports).toEqual(ports.map((one) => `${one.split('/')[0]}:${one}`));
});

test('compose.yaml and Containerfile ask how the daemon is in the same way', () => {
  const { test: command, interval, timeout, start_period: start } = service.healthcheck;
  expect(containerfile).toContain(
    `HEALTHCHECK --interval=${interval} --timeout=${timeout} --start-period=${start} CMD ${JSON.stringify(command.slice(1)).replaceAll(',', ', ')}`,
  );
});

test('compose.yaml waits longer for the end than the daemon takes', () => {
  expect(service.stop_grace_period).toBe('15s');
  expect(readFileSync('systemd/mirolive.service', 'utf8')).toContain('TimeoutStopSec=15\n');
});
