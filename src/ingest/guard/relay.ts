import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { MiroliveError } from '../../contract/errors.ts';
import { type Destination, type Network, unreachable } from './network.ts';
import { isOfSameUser } from './same-user.ts';

/** No byte from the server for so long, in ms: it is given up. What is relayed is live, and comes all the time. */
const silenceTimeoutMs = 10_000;
/** ffmpeg has one at a time. */
const maxConnections = 4;

export interface RelayOptions {
  readonly network: Network;
  readonly destination: Destination;
  /** Stands in the way of what the server sends. */
  readonly filter?: (refuse: (reason: MiroliveError) => void) => Transform;
}

/** A port on loopback that stands for one server, which it looks up, checks and opens itself, with TLS where that is wanted. */
export class Relay {
  /** Why the server could not be had, if so. */
  refusal: MiroliveError | null = null;
  readonly #options: RelayOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(options: RelayOptions) {
    this.#options = options;
    this.#server = createServer({ noDelay: true }, (socket) => void this.#relay(socket));
    this.#server.maxConnections = maxConnections;
  }

  static async create(options: RelayOptions): Promise<Relay> {
    const relay = new Relay(options);
    relay.#server.listen(0, '127.0.0.1');
    await once(relay.#server, 'listening');
    return relay;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #relay(inside: Socket): Promise<void> {
    const { network, destination, filter } = this.#options;
    let outside: Socket | undefined;
    this.#keep(inside);
    try {
      if (!(await isOfSameUser(inside))) return;
      outside = await network.connect(destination);
      this.#keep(outside);
      this.#limitSilence(outside);
      const refuse = (reason: MiroliveError) => {
        this.refusal = reason;
      };
      // ffmpeg that goes away is no fault of the server.
      pipeline(inside, outside).catch(() => {});
      await pipeline([outside, ...(filter ? [filter(refuse)] : []), inside]);
    } catch (error) {
      if (error instanceof MiroliveError) this.refusal ??= error;
    } finally {
      inside.destroy();
      outside?.destroy();
    }
  }

  #limitSilence(outside: Socket): void {
    const { host } = this.#options.destination;
    const error = unreachable(`${host} sent nothing for ${silenceTimeoutMs / 1000} s`);
    outside.setTimeout(silenceTimeoutMs, () => outside.destroy(error));
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
