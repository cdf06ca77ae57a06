import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { ChildWork } from '../child/run-child.ts';
import { tlsServer } from './certificate.ts';
import type { PublishRequest, RtmpListening, RtmpReport, RtmpRequest, RtmpSettings } from './messages.ts';
import { type Answer, PublishDoor } from './publish-door.ts';
import { PullDoor } from './pull-door.ts';
import { Seats } from './seats.ts';
import { Streams } from './streams.ts';

/** What the RTMP process does: it listens, and speaks with the daemon by messages. */
export class RtmpProcess implements ChildWork<RtmpRequest> {
  readonly #report: (report: RtmpReport) => void;
  readonly #asking = new Map<number, (answer: Answer) => void>();
  readonly #door: PublishDoor;
  readonly #pullDoor: PullDoor;
  #calls = 0;

  constructor(report: (report: RtmpReport) => void) {
    this.#report = report;
    const streams = new Streams();
    this.#pullDoor = new PullDoor(streams);
    this.#door = new PublishDoor({
      streams,
      ask: (request) => this.#ask(request),
      onPublished: ({ id, room, token }) => report({ type: 'published', id, room, token }),
      onUnpublished: (id, reason) => report({ type: 'unpublished', id, reason }),
      onSilent: (id, silent) => report({ type: 'silent', id, silent }),
    });
  }

  handle(request: RtmpRequest): void {
    switch (request.type) {
      case 'listen':
        void this.#listen(request.settings);
        return;
      case 'answer':
        this.#asking.get(request.call)?.(request);
        this.#asking.delete(request.call);
        return;
      case 'end':
        this.#door.end(request.id);
    }
  }

  /** It holds nothing but its connections, which end with it. */
  async close(): Promise<void> {}

  #ask(request: PublishRequest): Promise<Answer> {
    const call = ++this.#calls;
    return new Promise((resolve) => {
      this.#asking.set(call, resolve);
      this.#report({ type: 'ask', call, request });
    });
  }

  async #listen({ host, port, tls, maxConnections, maxBitrateBps }: RtmpSettings): Promise<void> {
    const seats = new Seats(maxConnections);
    const open = async (key: string, make: () => Server, address: { host: string; port: number }) => {
      try {
        const server = make();
        server.listen(address);
        await once(server, 'listening');
        return (server.address() as AddressInfo).port;
      } catch (error) {
        const { code = '', message } = error as NodeJS.ErrnoException;
        this.#report({ type: 'failed', key, code, message });
        throw error;
      }
    };
    const plain = () =>
      createServer((socket) => {
        if (seated(seats, socket))
          this.#door.receive(socket, 'rtmp', maxBitrateBps, () => seats.keep(nameOf(socket)));
      });
    const secure = (settings: NonNullable<RtmpSettings['tls']>) => () => {
      const server = tlsServer(settings, (message) => this.#report({ type: 'warning', message }));
      server.on('connection', (socket) => seated(seats, socket));
      server.on('secureConnection', (socket) =>
        this.#door.receive(socket, 'rtmps', maxBitrateBps, () => seats.keep(nameOf(socket))),
      );
      return server;
    };
    const pull = () => createServer((socket) => this.#pullDoor.receive(socket));
    try {
      const listening: RtmpListening = {
        pullPort: await open('rtmp.port', pull, { host: '127.0.0.1', port: 0 }),
        port: await open('rtmp.port', plain, { host, port }),
        tlsPort: tls && (await open('rtmp.tls', secure(tls), { host, port: tls.port })),
      };
      this.#report({ type: 'ready', listening });
    } catch {
      // It has been reported; the daemon ends this process.
    }
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
