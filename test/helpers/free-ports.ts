import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** So many ports has each process that runs tests beside others, so that none takes what another's is to have again. */
const share = 130;
/** Behind those that browsers refuse. */
const first = 4200 + (Number(process.env.VITEST_POOL_ID ?? 0) % 6) * share;

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
    const port = randomInt(2500, 5000) * 2;
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
