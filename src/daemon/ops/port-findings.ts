import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism } from 'node:os';
import type { Config } from '../../contract/config.ts';
import type { Finding } from '../../contract/finding.ts';
import { mediaAddresses } from '../sfu/addresses.ts';

const reservedKey = 'ip_local_reserved_ports';

/** Ports that a key of the configuration names: the first of them, and how many. */
interface KeyPorts {
  readonly check: string;
  readonly key: string;
  readonly port: number;
  readonly count: number;
  readonly free: (port: number) => Promise<boolean>;
}

/** Whether the ports that the configuration names can be had. */
export async function* portFindings(config: Config): AsyncGenerator<Finding> {
  for (const { check, key, port, count, free } of keyPorts(config))
    for (let each = port; each < port + count; each++) yield portFinding(check, each, key, await free(each));
}

/** Whether the next start may find them taken by an outgoing connection. */
export async function outgoingPortsFinding(config: Config): Promise<Finding> {
  const [range, reserved] = await Promise.all(['range', 'reserved'].map(portsOfLinux));
  return outgoingFinding(keyPorts(config), range ?? '', reserved ?? '');
}

function keyPorts({ control, http, rtmp, webrtc, workers }: Config): KeyPorts[] {
  const { enabled, host, port, tls } = rtmp;
  const ip = mediaAddresses(webrtc)[0]?.ip ?? '0.0.0.0';
  const one = { count: 1 };
  const ports: KeyPorts[] = [
    {
      check: 'page port',
      key: 'http.port',
      port: http.port,
      ...one,
      free: (port) => tcpFree(http.host, port),
    },
  ];
  if (http.tls.port !== null)
    ports.push({
      ...{ check: 'HTTPS port', key: 'http.tls.port', port: http.tls.port, ...one },
      free: (port) => tcpFree(http.host, port),
    });
  if (control.tls.port !== null)
    ports.push({
      ...{ check: 'control port', key: 'control.tls.port', port: control.tls.port, ...one },
      free: (port) => tcpFree(control.tls.host, port),
    });
  const free = (each: number) => tcpFree(host, each);
  if (enabled) ports.push({ check: 'RTMP port', key: 'rtmp.port', port, ...one, free });
  if (enabled && tls.port !== null)
    ports.push({ check: 'RTMPS port', key: 'rtmp.tls.port', port: tls.port, ...one, free });
  ports.push({
    ...{ check: 'media port', key: 'webrtc.port', port: webrtc.port },
    count: workers.count ?? availableParallelism(),
    free: async (each) => (await tcpFree(ip, each)) && (await udpFree(ip, each)),
  });
  return ports.filter(({ port }) => port !== 0);
}

function portFinding(check: string, port: number, key: string, free: boolean): Finding {
  if (free) return { check, state: 'ok', detail: `${port} is free`, fix: null };
  return {
    check,
    state: 'warn',
    detail: `${port} is taken`,
    fix: `Fine if the daemon holds it (ss -anptu 'sport = :${port}'); else choose another ${key}`,
  };
}

/** What Linux says of ports that it gives to outgoing connections (`range`), and of those among them that it does not (`reserved`); empty: nothing. */
async function portsOfLinux(which: string): Promise<string> {
  const name = which === 'range' ? 'ip_local_port_range' : reservedKey;
  return (await readFile(`/proc/sys/net/ipv4/${name}`, 'utf8').catch(() => '')).trim();
}

/**
 * Ports that are free now may be an outgoing connection's at the next start, where they are among those.
 *
 * @param range as Linux says it: `32768 60999`; empty: not known
 * @param reserved what it has set apart already: `8080,9000-9010`; empty: nothing
 */
export function outgoingFinding(
  ports: readonly Pick<KeyPorts, 'key' | 'port' | 'count'>[],
  range: string,
  reserved: string,
): Finding {
  const check = 'outgoing ports';
  const [first = 0, last = -1] = range.split(/\s+/).filter(Boolean).map(Number);
  const apart = reserved
    .split(',')
    .filter(Boolean)
    .map((text) => text.split('-').map(Number));
  const isApart = (port: number) => apart.some(([from = 0, to = from]) => port >= from && port <= to);
  const atRisk = ports.flatMap(({ key, port, count }) => {
    const each = Array.from({ length: count }, (_, index) => port + index);
    const taken = each.filter((one) => one >= first && one <= last && !isApart(one));
    return taken.length === 0 ? [] : [{ key, from: Math.min(...taken), to: Math.max(...taken) }];
  });
  if (atRisk.length === 0)
    return { check, state: 'ok', detail: 'none of the ports here is one of theirs', fix: null };
  const named = atRisk.map(({ key, from, to }) => `${from === to ? from : `${from} to ${to}`} (${key})`);
  const kept = [reserved, ...atRisk.map(({ from, to }) => (from === to ? `${from}` : `${from}-${to}`))];
  return {
    check,
    state: 'warn',
    detail: `Linux gives ${first} to ${last} to outgoing connections, which may have ${named.join(', ')} at a start`,
    fix: `Choose ports outside them, or keep these: sysctl -w net.ipv4.${reservedKey}=${kept.filter(Boolean).join(',')}, and the same in /etc/sysctl.d`,
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
