import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import type { Config } from '../../contract/config.ts';
import type { Finding } from '../../contract/finding.ts';
import { mediaAddresses } from '../sfu/addresses.ts';

/** Whether the ports that the configuration names can be had. */
export async function* portFindings(config: Config): AsyncGenerator<Finding> {
  yield await portFinding('page port', config.http.port, 'http.port', () =>
    tcpFree(config.http.host, config.http.port),
  );
  const { enabled, host, port, tls } = config.rtmp;
  if (enabled) yield await portFinding('RTMP port', port, 'rtmp.port', () => tcpFree(host, port));
  const { port: tlsPort } = tls;
  if (enabled && tlsPort !== null)
    yield await portFinding('RTMPS port', tlsPort, 'rtmp.tls.port', () => tcpFree(host, tlsPort));
  const workers = config.workers.count ?? availableParallelism();
  const [address] = mediaAddresses(config.webrtc);
  for (let index = 0; index < workers && config.webrtc.port !== 0; index++) {
    const port = config.webrtc.port + index;
    const ip = address?.ip ?? '0.0.0.0';
    yield await portFinding(
      'media port',
      port,
      'webrtc.port',
      async () => (await tcpFree(ip, port)) && (await udpFree(ip, port)),
    );
  }
}

async function portFinding(
  check: string,
  port: number,
  key: string,
  free: () => Promise<boolean>,
): Promise<Finding> {
  if (await free()) return freePortFinding(check, port, key, await outgoingPorts());
  return {
    check,
    state: 'warn',
    detail: `${port} is taken`,
    fix: `Fine if the daemon holds it (ss -anptu 'sport = :${port}'); else choose another ${key}`,
  };
}

/** The first and the last of the ports that Linux gives to outgoing connections; null: it does not say. */
async function outgoingPorts(): Promise<readonly [number, number] | null> {
  const text = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '');
  const found = /^(\d+)\s+(\d+)/.exec(text);
  return found && [Number(found[1]), Number(found[2])];
}

/** A port that is free now: at the next start an outgoing connection may have it, where it is one of theirs. */
export function freePortFinding(
  check: string,
  port: number,
  key: string,
  outgoing: readonly [number, number] | null,
): Finding {
  const [first, last] = outgoing ?? [0, -1];
  if (port === 0 || port < first || port > last)
    return { check, state: 'ok', detail: `${port} is free`, fix: null };
  return {
    check,
    state: 'warn',
    detail: `${port} is free now, but Linux gives ${first} to ${last} to outgoing connections`,
    fix: `Choose a ${key} outside them, or keep it: sysctl -w net.ipv4.ip_local_reserved_ports=${port}`,
  };
}

function tcpFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host, port }, () => server.close(() => resolve(true)));
  });
}

function udpFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => resolve(false));
    socket.bind({ address: host, port, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}
