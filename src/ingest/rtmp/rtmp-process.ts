import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { BackOff } from '../../contract/back-off.ts';
import { systemClock as clock } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { Asker } from '../child/line.ts';
import type { Trouble } from '../child/restarts.ts';
import type { ChildWork } from '../child/run-child.ts';
import type { CertificateFiles } from '../tls/watched-pair.ts';
import type { PublishRequest, RtmpCalls, RtmpNews, StrangerNews } from './calls.ts';
import { type CertifiedServer, tlsServer } from './certificate.ts';
import { PublishDoor } from './publish-door.ts';
import { PullDoor } from './pull-door.ts';
import { Seats } from './seats.ts';
import { Streams } from './streams.ts';

/** What the RTMP process does: it listens. It holds nothing but its connections, which end with it. */
export function rtmpProcess(daemon: Asker<RtmpNews>): ChildWork<RtmpCalls> {
  const streams = new Streams(clock);
  const pullDoor = new PullDoor(clock, streams);
  const door = new PublishDoor(clock, daemon, streams);
  /** Of RTMPS, the newest; it is not there yet where it is still tried. */
  let files: CertificateFiles = { cert: '', key: '' };
  let certified: CertifiedServer | undefined;
  return {
    answers: {
      async begin({ host, port, tls, again, maxConnections, maxBitrateBps }) {
        if (tls) files = tls;
        const seats = new Seats(maxConnections);
        const receive = (socket: Socket, protocol: PublishRequest['protocol']) =>
          door.receive(socket, protocol, maxBitrateBps, () => seats.keep(nameOf(socket)));
        const plain = () =>
          createServer((socket) => {
            if (seated(seats, socket)) receive(socket, 'rtmp');
          });
        const secure = () => {
          certified = tlsServer(clock, files, (trouble) => daemon.tell('certificate', trouble));
          const { server } = certified;
          server.on('connection', (socket) => seated(seats, socket));
          server.on('tlsClientError', (error, { remoteAddress }) => {
            const told = brokenHandshake(error);
            if (told)
              daemon.tell('stranger', { protocol: 'rtmps', address: remoteAddress ?? 'unknown', ...told });
          });
          return server.on('secureConnection', (socket) => receive(socket, 'rtmps'));
        };
        const listenSecure = async (tlsPort: number) => {
          const listening = () => listen('rtmp.tls', secure, { host, port: tlsPort });
          if (again) await keepTrying(listening, (trouble) => daemon.tell('rtmps', trouble));
          return again ? tlsPort : await listening();
        };
        const pull = () => createServer((socket) => void pullDoor.receive(socket));
        return {
          pullPort: await listen('rtmp.port', pull, { host: '127.0.0.1', port: 0 }),
          port: await listen('rtmp.port', plain, { host, port }),
          tlsPort: tls && (await listenSecure(tls.port)),
        };
      },
      certify(others) {
        files = others;
        certified?.certify(others);
      },
      end: ({ id }) => door.end(id),
    },
    close: async () => {},
  };
}

/** What somebody did who did not come to speak RTMPS; null: it only went away. */
function brokenHandshake({ code = '', message }: NodeJS.ErrnoException): StrangerNews | null {
  if (/^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|HTTP_REQUEST)$/.test(code))
    return { what: code === 'ERR_SSL_HTTP_REQUEST' ? 'http' : 'plain', words: null };
  return code.startsWith('ERR_SSL_') ? { what: 'handshake', words: message.slice(0, 200) } : null;
}

/** The port that a server has. @param section of the configuration */
async function listen(
  section: 'rtmp.port' | 'rtmp.tls',
  make: () => Server,
  address: { readonly host: string; readonly port: number },
): Promise<number> {
  try {
    const server = make();
    server.listen(address);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'EADDRINUSE')
      throw new MiroliveError('INVALID_CONFIG', `RTMP cannot listen: ${message}`, {
        hint: `Check the section ${section} of the configuration; then run: mirolive doctor`,
      });
    const taken = `expected port ${address.port} to be free for RTMP, something holds it`;
    const key = section === 'rtmp.tls' ? 'rtmp.tls.port' : section;
    throw new MiroliveError('PORT_IN_USE', taken, { details: { key, port: String(address.port) } });
  }
}

/** Tries it, and where that fails goes on trying: nobody waits for that. @param tell why it failed; null: it is done */
async function keepTrying(
  start: () => Promise<unknown>,
  tell: (trouble: Trouble | null) => void,
  backOff = new BackOff(),
): Promise<void> {
  try {
    await start();
    tell(null);
  } catch (error) {
    const nextTryMs = backOff.failed(clock.nowMs());
    tell({ reason: (error as Error).message, failures: backOff.state.failures, nextTryMs });
    clock.after(nextTryMs, () => void keepTrying(start, tell, backOff));
  }
}

/** Gives a connection a seat until it closes, or hangs up. */
function seated(seats: Seats, socket: Socket): boolean {
  const name = nameOf(socket);
  socket.on('error', () => socket.destroy());
  if (!seats.take(name, socket.remoteAddress ?? '', () => socket.destroy())) {
    socket.destroy();
    return false;
  }
  socket.setNoDelay(true);
  socket.on('close', () => seats.free(name));
  return true;
}

/** The same for a connection and for the TLS in it. */
function nameOf({ remoteAddress, remotePort, localPort }: Socket): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}
