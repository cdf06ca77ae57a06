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

/** A server may take so long to hear that its session is over, in ms. */
const goodbyeMs = 2000;

/** The two ends of a connection, as whoever stands between them needs to know them. */
export interface Ends {
  /** The server, as people call it, and its address, which was checked. */
  readonly host: string;
  readonly server: string;
  /** The address of this machine that the server sees. */
  readonly local: string;
  /** With TLS. */
  readonly secure: boolean;
  refuse(reason: MiroliveError): void;
}

/** What stands in the way of what is sent, in both directions. */
export interface Between {
  readonly requests: Transform;
  readonly answers: readonly Transform[];
  /** Media come by UDP, beside the connection. */
  readonly byUdp: boolean;
  /** Nothing came by UDP for so long, in ms; undefined: nothing ever did. */
  readonly silentMs: number | undefined;
  /** Why nothing comes, where that is so. */
  readonly missing: MiroliveError | null;
  /** Gives what the server is to hear by another connection, if anything. */
  close(): Buffer | null;
}

export interface RelayOptions {
  readonly network: Network;
  readonly destination: Destination;
  readonly between?: ((ends: Ends) => Between) | undefined;
}

/** A port on loopback that stands for one server, which it looks up, checks and opens itself, with TLS where that is wanted. */
export class Relay {
  #refusal: MiroliveError | null = null;
  #between: Between | undefined;
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

  /** Why the server could not be had, if so. */
  get refusal(): MiroliveError | null {
    return this.#refusal ?? this.#between?.missing ?? null;
  }

  /** The server sends its media by UDP, beside the connection. */
  get byUdp(): boolean {
    return this.#between?.byUdp ?? false;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #relay(inside: Socket): Promise<void> {
    const { network, destination } = this.#options;
    let outside: Socket | undefined;
    let between: Between | undefined;
    this.#keep(inside);
    try {
      if (!(await isOfSameUser(inside))) return;
      outside = await network.connect(destination);
      this.#keep(outside);
      between = this.#standBetween(outside);
      this.#limitSilence(outside, between);
      const { requests, answers = [] } = between ?? {};
      // ffmpeg that goes away is no fault of the server.
      pipeline([inside, ...(requests ? [requests] : []), outside]).catch(() => {});
      await pipeline([outside, ...answers, inside]);
    } catch (error) {
      if (error instanceof MiroliveError) this.#refusal ??= error;
    } finally {
      inside.destroy();
      outside?.destroy();
      const goodbye = between?.close();
      if (goodbye) void this.#say(goodbye);
    }
  }

  #standBetween(outside: Socket): Between | undefined {
    const { host, tls } = this.#options.destination;
    const { remoteAddress: server, localAddress: local } = outside;
    if (server === undefined || local === undefined) throw unreachable(`${host} has closed the connection`);
    const refuse = (reason: MiroliveError) => {
      this.#refusal = reason;
    };
    this.#between = this.#options.between?.({ host, server, local, secure: tls, refuse });
    return this.#between;
  }

  #limitSilence(outside: Socket, between: Between | undefined): void {
    const { host } = this.#options.destination;
    const error = unreachable(`${host} sent nothing for ${silenceTimeoutMs / 1000} s`);
    outside.on('timeout', () => {
      const leftMs = silenceTimeoutMs - (between?.silentMs ?? silenceTimeoutMs);
      if (leftMs > 0) outside.setTimeout(leftMs);
      else outside.destroy(between?.missing ?? error);
    });
    outside.setTimeout(silenceTimeoutMs);
  }

  /** Tells the server what ffmpeg did not, as it was ended: else it would go on sending for a while. */
  async #say(goodbye: Buffer): Promise<void> {
    const { network, destination } = this.#options;
    try {
      const socket = await network.connect(destination);
      socket.setTimeout(goodbyeMs, () => socket.destroy());
      socket.on('error', () => {});
      socket.once('data', () => socket.destroy());
      socket.write(goodbye);
    } catch {
      // Then it ends by itself, a little later.
    }
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
  }
}
