import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Of so many processes that run tests at once each has ports of its own, so that none takes what another's is to have again. */
const processes = 6;
const place = Number(process.env.VITEST_POOL_ID ?? 0) % processes;
const share = 130;
/** Behind those that browsers refuse. */
const first = 4200 + place * share;
/** Pairs of UDP ports of each process. */
const pairs = 416;
/** Whoever sends to a UDP port does so for a while after nobody has it any more: none is given twice in a row. */
const given = new Set<number>();

/**
 * Ports that nobody uses now, by TCP and UDP. They are below those that the system (from 32768 on) and mediasoup (from 10000 on) give to
 * whoever wants any port, and below those of `freeUdpPort`: what listens there can be ended, and has them when it is started again.
 */
export async function freePorts(count: number): Promise<number[]> {
  const found: number[] = [];
  while (found.length < count) {
    const port = first + randomInt(share);
    if (!found.includes(port) && (await isTcpFree(port)) && (await isUdpFree(port))) found.push(port);
  }
  return found;
}

/** An even UDP port that nobody uses, nor the one above it, where RTCP goes. Nobody else takes it by chance before it is used. */
export async function freeUdpPort(): Promise<number> {
  for (;;) {
    const port = 5000 + 2 * (place * pairs + randomInt(pairs));
    if (given.size === pairs / 2) given.clear();
    if (given.has(port)) continue;
    given.add(port);
    if ((await isUdpFree(port)) && (await isUdpFree(port + 1))) return port;
  }
}

async function isTcpFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen(port), 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

async function isUdpFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  try {
    await once(socket.bind(port), 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}
