import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { unreachable } from '../network.ts';
import type { Pair } from './transport-header.ts';

/** Bytes that the kernel may hold until they are read: a second of 16 Mbit/s. It may grant less. */
const receiveBufferBytes = 2 * 1024 * 1024;
/** How often a port is tried whose neighbour is to be free too. */
const tries = 20;

/** Who may send to a pair of ports. */
export interface Peer {
  /** It was checked; nobody else is heard, and nothing is sent to anybody else. */
  readonly address: string;
  /** null: it did not say; whichever it sends from first. */
  readonly ports: Pair | null;
}

/** Which of the two ports. */
export type Port = 0 | 1;

/** Two UDP ports that are neighbours, the first an even number, as RTP and RTCP have them (RFC 3550, 11). */
export class UdpPair {
  readonly ports: Pair;
  readonly #sockets: readonly [Socket, Socket];
  readonly #peerPorts: [number, number] | [] = [];
  #peer: Peer | undefined;

  private constructor(sockets: readonly [Socket, Socket]) {
    this.#sockets = sockets;
    const [media, reports] = sockets;
    this.ports = [media.address().port, reports.address().port];
    // Where nobody hears what is sent, the kernel says so here.
    for (const socket of sockets) socket.on('error', () => {});
  }

  /** @param address of this machine */
  static async create(address: string): Promise<UdpPair> {
    for (let left = tries; left > 0; left--) {
      const one = await bound(address, 0);
      const { port } = one.address();
      const other = await bound(address, port ^ 1).catch(() => undefined);
      if (other) return new UdpPair(port % 2 === 0 ? [one, other] : [other, one]);
      one.close();
    }
    throw unreachable('there are no two UDP ports free beside each other on this machine');
  }

  /** From now on, what the peer sends. */
  async hear(peer: Peer, onDatagram: (datagram: Buffer, port: Port) => void): Promise<void> {
    this.#peer = peer;
    for (const port of [0, 1] as const) {
      const socket = this.#sockets[port];
      socket.on('message', (datagram, from) => {
        if (this.#isPeer(from, port)) onDatagram(datagram, port);
      });
      if (!peer.ports) continue;
      this.#peerPorts[port] = peer.ports[port];
      // What others send the kernel drops.
      socket.connect(peer.ports[port], peer.address);
      await once(socket, 'connect');
    }
  }

  /** Nothing is sent before it is known where to. */
  send(datagram: Buffer, port: Port): void {
    const to = this.#peerPorts[port];
    if (!this.#peer || to === undefined) return;
    const socket = this.#sockets[port];
    const ignore = () => {};
    if (this.#peer.ports) socket.send(datagram, ignore);
    else socket.send(datagram, to, this.#peer.address, ignore);
  }

  close(): void {
    for (const socket of this.#sockets) socket.close();
  }

  /** What came before the kernel knew the peer may be anybody's. */
  #isPeer({ address, port: from }: RemoteInfo, port: Port): boolean {
    if (address !== this.#peer?.address) return false;
    this.#peerPorts[port] ??= from;
    return this.#peerPorts[port] === from;
  }
}

async function bound(address: string, port: number): Promise<Socket> {
  const type = isIP(address) === 6 ? 'udp6' : 'udp4';
  const socket = createSocket({ type, recvBufferSize: receiveBufferBytes });
  try {
    socket.bind({ address, port, exclusive: true });
    await once(socket, 'listening');
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}
