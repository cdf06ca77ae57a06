import type { Server, Socket } from 'node:net';
import { neighbourhoodOf, siteFactor, siteOf } from '../../contract/network-of.ts';

export interface ConnectionBudgetOptions {
  readonly max: number;
  readonly maxPerNetwork: number;
  /** Whether an address is that of a trusted proxy, who is not bounded by itself: all clients come through it. */
  readonly isProxy: (address: string) => boolean;
}

/** Every connection to some servers, from its first byte to its last, whatever protocol it changes to: bounded, and ended together. */
export class ConnectionBudget {
  readonly #options: ConnectionBudgetOptions;
  readonly #sockets = new Set<Socket>();
  readonly #perNetwork = new Map<string, number>();
  #closed = false;

  constructor(options: ConnectionBudgetOptions) {
    this.#options = options;
  }

  /** Bounds what comes to this server too. */
  watch(server: Server): void {
    server.on('connection', (socket) => this.#take(socket));
  }

  /** Connections now. */
  get size(): number {
    return this.#sockets.size;
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
