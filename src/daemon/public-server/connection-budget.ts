import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import { neighbourhoodOf, siteFactor, siteOf } from '../../contract/network-of.ts';

export interface ConnectionBudgetOptions {
  readonly max: number;
  readonly maxPerNetwork: number;
  /** Whether an address is that of a trusted proxy, who is not bounded by itself: all clients come through it. */
  readonly isProxy: (address: string) => boolean;
}

/** Requests of one connection that are not answered yet. Browsers send one at a time; answers that nobody reads are held in memory. */
const maxUnanswered = 8;

/** Every connection to a server, from its first byte to its last, whatever protocol it changes to: bounded, and ended together. */
export class ConnectionBudget {
  readonly #options: ConnectionBudgetOptions;
  readonly #sockets = new Set<Socket>();
  readonly #unanswered = new WeakMap<Socket, number>();
  readonly #perNetwork = new Map<string, number>();
  #closed = false;

  constructor(server: Server, options: ConnectionBudgetOptions) {
    this.#options = options;
    server.on('connection', (socket) => this.#take(socket));
  }

  /** Connections now. */
  get size(): number {
    return this.#sockets.size;
  }

  /** Takes a request in; false: its connection has too many that are not answered yet, and is ended. */
  begins(request: IncomingMessage, response: ServerResponse): boolean {
    const { socket } = request;
    const unanswered = (this.#unanswered.get(socket) ?? 0) + 1;
    if (socket.destroyed || unanswered > maxUnanswered) {
      socket.destroy();
      return false;
    }
    this.#unanswered.set(socket, unanswered);
    response.once('close', () => this.#unanswered.set(socket, (this.#unanswered.get(socket) ?? 1) - 1));
    return true;
  }

  /** Ends all of them, and every one that comes later. */
  close(): void {
    this.#closed = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #take(socket: Socket): void {
    const { max, maxPerNetwork, isProxy } = this.#options;
    const address = socket.remoteAddress ?? '';
    const bounds = isProxy(address) ? [] : boundsOf(address, maxPerNetwork);
    const isFull = bounds.some(([network, most]) => this.#present(network) >= most);
    if (this.#closed || this.#sockets.size >= max || isFull) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    for (const [network] of bounds) this.#perNetwork.set(network, this.#present(network) + 1);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      for (const [network] of bounds) {
        const left = this.#present(network) - 1;
        if (left > 0) this.#perNetwork.set(network, left);
        else this.#perNetwork.delete(network);
      }
    });
  }

  #present(network: string): number {
    return this.#perNetwork.get(network) ?? 0;
  }
}

/** The networks that an address is in, with what may come from each. */
function boundsOf(address: string, maxPerNetwork: number): [string, number][] {
  const site = siteOf(address);
  return [
    [neighbourhoodOf(address), maxPerNetwork],
    ...(site === null ? [] : [[site, maxPerNetwork * siteFactor] as [string, number]]),
  ];
}
