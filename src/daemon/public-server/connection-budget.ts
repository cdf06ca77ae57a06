import type { Server, Socket } from 'node:net';
import { neighbourhoodOf, networkOf, siteFactor, siteOf } from '../../contract/network-of.ts';

export interface ConnectionBudgetOptions {
  readonly max: number;
  readonly maxPerNetwork: number;
  /** So many of one address, of IPv6 its /64, may be strangers: whose next comes gives up his oldest. Default: any number. */
  readonly maxStrangersPerAddress?: number;
  /** Whether an address is that of a trusted proxy, who is not bounded by itself: all clients come through it. */
  readonly isProxy: (address: string) => boolean;
}

interface Taken {
  readonly socket: Socket;
  /** Of what is spoken on it, such as TLS, they are the same. */
  readonly ends: string;
  /** Of IPv6 a /64. */
  readonly address: string;
  /** From its own network, which is in the next one, to everybody. */
  readonly bounds: readonly Bound[];
}
/** A network, and what may come from it. */
type Bound = readonly [network: string, most: number];
/** The network that all are in. */
const everybody = 'everybody';

/**
 * Every connection to some servers, from its first byte to its last, whatever protocol it changes to: bounded, and ended together. Each is
 * a stranger until somebody knows it; where there is no place, the oldest stranger makes it, of the address that has most of them.
 */
export class ConnectionBudget {
  readonly #options: ConnectionBudgetOptions;
  readonly #taken = new Set<Taken>();
  readonly #byEnds = new Map<string, Taken>();
  readonly #perNetwork = new Map<string, number>();
  /** By their address, the oldest first. */
  readonly #strangers = new Map<string, Set<Taken>>();
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
    return this.#taken.size;
  }

  /** It is no stranger any more. @param socket its own, or that of what is spoken on it, such as TLS */
  know(socket: Ends): void {
    const taken = this.#byEnds.get(endsOf(socket));
    if (taken) this.#forgetStranger(taken);
  }

  /** Ends all of them, and every one that comes later. */
  close(): void {
    this.#closed = true;
    for (const { socket } of this.#taken) socket.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #take(socket: Socket): void {
    // Another bound was before, and nobody is to make place for it.
    if (socket.destroyed) return;
    const { max, maxPerNetwork, maxStrangersPerAddress = max, isProxy } = this.#options;
    const address = socket.remoteAddress ?? '';
    const isBounded = !isProxy(address);
    const bounds = [...(isBounded ? boundsOf(address, maxPerNetwork) : []), [everybody, max] as const];
    const taken: Taken = { socket, ends: endsOf(socket), address: networkOf(address), bounds };
    const place = this.#placeFor(taken, isBounded ? maxStrangersPerAddress : max);
    if (this.#closed || place === 'none') return void socket.destroy();
    if (place !== 'free') this.#giveUp(place);
    this.#add(taken);
  }

  /** Whose place it gets. The narrowest bound that is reached says so: who goes from there goes from all that are wider. */
  #placeFor({ address, bounds }: Taken, mostStrangers: number): Taken | 'free' | 'none' {
    const own = this.#strangers.get(address);
    if (own && own.size >= mostStrangers) return oldestOf(own);
    const full = bounds.find(([network, most]) => this.#present(network) >= most);
    return full ? this.#oldestStrangerOf(full[0]) : 'free';
  }

  #add(taken: Taken): void {
    const { socket, ends, address, bounds } = taken;
    this.#taken.add(taken);
    this.#byEnds.set(ends, taken);
    this.#strangers.set(address, (this.#strangers.get(address) ?? new Set()).add(taken));
    for (const [network] of bounds) this.#perNetwork.set(network, this.#present(network) + 1);
    socket.once('close', () => this.#release(taken));
  }

  #release(taken: Taken): void {
    // One that made place was released before.
    if (!this.#taken.delete(taken)) return;
    if (this.#byEnds.get(taken.ends) === taken) this.#byEnds.delete(taken.ends);
    this.#forgetStranger(taken);
    for (const [network] of taken.bounds) {
      const left = this.#present(network) - 1;
      if (left > 0) this.#perNetwork.set(network, left);
      else this.#perNetwork.delete(network);
    }
  }

  /** Of the address that has most of them there. */
  #oldestStrangerOf(network: string): Taken | 'none' {
    let most: ReadonlySet<Taken> = new Set();
    for (const strangers of this.#strangers.values()) {
      const [oldest] = strangers;
      if (oldest && strangers.size > most.size && isIn(oldest, network)) most = strangers;
    }
    return oldestOf(most);
  }

  #giveUp(taken: Taken): void {
    this.#release(taken);
    taken.socket.destroy();
  }

  #forgetStranger(taken: Taken): void {
    const strangers = this.#strangers.get(taken.address);
    strangers?.delete(taken);
    if (strangers?.size === 0) this.#strangers.delete(taken.address);
  }

  #present(network: string): number {
    return this.#perNetwork.get(network) ?? 0;
  }
}

/** What a connection goes between. */
type Ends = Pick<Socket, 'remoteAddress' | 'remotePort' | 'localPort'>;

function endsOf({ remoteAddress, remotePort, localPort }: Ends): string {
  return `${remoteAddress} ${remotePort} ${localPort}`;
}

function oldestOf([oldest]: Iterable<Taken>): Taken | 'none' {
  return oldest ?? 'none';
}

function isIn({ bounds }: Taken, network: string): boolean {
  return bounds.some(([one]) => one === network);
}

/** The networks that an address is in, with what may come from each. */
function boundsOf(address: string, maxPerNetwork: number): readonly Bound[] {
  const site = siteOf(address);
  return [
    [neighbourhoodOf(address), maxPerNetwork],
    ...(site === null ? [] : [[site, maxPerNetwork * siteFactor] as const]),
  ];
}
