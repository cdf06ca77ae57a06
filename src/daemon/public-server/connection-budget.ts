import type { Server, Socket } from 'node:net';
import { neighbourhoodOf } from '../../contract/network-of.ts';

export interface ConnectionBudgetOptions {
  readonly max: number;
  readonly maxPerNetwork: number;
  /** Whether an address is that of a trusted proxy, who is not bounded by itself: all clients come through it. */
  readonly isProxy: (address: string) => boolean;
}

/** Every connection to a server, from its first byte to its last, whatever protocol it changes to: bounded, and ended together. */
export class ConnectionBudget {
  readonly #options: ConnectionBudgetOptions;
  readonly #sockets = new Set<Socket>();
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
    const network = isProxy(address) ? null : neighbourhoodOf(address);
    const present = network === null ? 0 : (this.#perNetwork.get(network) ?? 0);
    if (this.#closed || this.#sockets.size >= max || present >= maxPerNetwork) {
      socket.destroy();
      return;
    }
    this.#sockets.add(socket);
    if (network !== null) this.#perNetwork.set(network, present + 1);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      const left = (network === null ? 0 : (this.#perNetwork.get(network) ?? 0)) - 1;
      if (network !== null && left > 0) this.#perNetwork.set(network, left);
      else if (network !== null) this.#perNetwork.delete(network);
    });
  }
}
