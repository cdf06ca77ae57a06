import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { type Clock, systemClock, type Timer } from '../../../contract/clock.ts';
import { MiroliveError } from '../../../contract/errors.ts';
import type { Guard } from '../../guard/guard.ts';
import type { Arrivals } from '../arrivals.ts';
import { type Input, silence } from '../input.ts';
import { servedInput } from '../served-input.ts';
import { checkListening, opensPort, readAddress, type SourceAddress } from '../url/address.ts';
import { addressFailure } from '../url/failure.ts';
import { maxKeptBytes } from './kept-bytes.ts';
import { SrtConnection } from './srt-connection.ts';
import { srtLocation } from './srt-location.ts';

/** What was looked at is kept for so long for whoever plays it, in ms; what was played, for whoever goes on with it. */
export const keptMs: Readonly<Record<Use, number>> = { look: 10_000, play: 1000 };
/** Who only looks waits for a caller so long, in ms. */
const calledMs = 10_000;

/** What an opened source is wanted for. */
export type Use = 'look' | 'play';

/** A connection, and how many need it. */
interface Held {
  readonly connection: Promise<SrtConnection>;
  /** Once it is begun. */
  there: SrtConnection | undefined;
  holders: number;
  /** When nobody needs it any more. */
  timer: Timer | undefined;
}

/** Somebody's part in a connection. */
interface Hold {
  readonly connection: Promise<SrtConnection>;
  /** @param ms it is kept so long for the next */
  release(ms?: number): void;
}

export interface SrtOptions {
  /** Path or name of the program. */
  readonly ffmpeg: string;
  readonly guard: Guard;
  readonly clock?: Clock;
}

/**
 * Connections of SRT. Whoever looks at one and whoever plays it have the same, so that what was looked at is what plays, and neither a
 * server nor a caller is asked for a second one.
 */
export class SrtConnections implements AsyncDisposable {
  readonly #options: SrtOptions;
  readonly #clock: Clock;
  readonly #held = new Map<string, Held>();
  readonly #closing = new Set<Promise<void>>();

  constructor(options: SrtOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  /**
   * Opens what comes of an address, once a reader can begin with it. For a room, a port is not listened at by this: see `callers`.
   *
   * @param room empty: for nobody
   * @throws MiroliveError INVALID_REQUEST, SOURCE_PRIVATE_ADDRESS, SOURCE_UNREACHABLE, FFMPEG_NOT_FOUND
   */
  async open(room: string, url: string, use: Use, signal?: AbortSignal): Promise<Input> {
    const address = readAddress(url);
    const listens = opensPort(address);
    if (listens && room !== '' && !this.#held.has(keyOf(room, address))) throw nobodyThere(address);
    if (!listens) this.#leaveStill(keyOf(room, address));
    const hold = this.#hold(room, address);
    const release = () => hold.release(listens || room === '' ? 0 : keptMs[use]);
    try {
      const connection = await untilAborted(hold.connection, signal);
      await this.#called(connection, address, signal);
      const { bytes } = connection;
      await untilAborted(bytes.ready, signal);
      await bytes.goesOn(signal);
      if (bytes.empty) throw connection.failure;
      const served = await servedInput(
        (reader) => bytes.give(reader, use === 'play'),
        ['-analyzeduration', `${bytes.analyseMs * 1000}`, '-probesize', `${maxKeptBytes}`],
      );
      return {
        ...{ ...served, live: true, explain: () => null },
        async [Symbol.asyncDispose]() {
          await served[Symbol.asyncDispose]();
          release();
        },
      };
    } catch (error) {
      hold.release();
      throw error;
    }
  }

  /** Closes a connection that nothing could be made of, unless somebody else has it: it may be on air. Of callers another one may come. */
  drop(room: string, url: string): void {
    const address = readAddress(url);
    const key = keyOf(room, address);
    const { holders = 0 } = this.#held.get(key) ?? {};
    if (opensPort(address) || holders <= 1) this.#close(key);
  }

  /** Whoever calls a port, one after the other; it is listened at once somebody waits for them. */
  callers(room: string, url: string, waits: string): Callers {
    const address = readAddress(url);
    return new Callers(waits, () => this.#hold(room, address));
  }

  /**
   * Makes sure that a port can be listened at.
   *
   * @throws MiroliveError INVALID_REQUEST, SOURCE_UNREACHABLE
   */
  async checkPort(room: string, url: string): Promise<void> {
    const address = readAddress(url);
    await this.#locate(address);
    if (!this.#held.has(keyOf(room, address))) await checkFree(address);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const key of this.#held.keys()) this.#close(key);
    await Promise.all(this.#closing);
  }

  async #called({ bytes }: SrtConnection, address: SourceAddress, signal?: AbortSignal): Promise<void> {
    const limit = AbortSignal.timeout(calledMs);
    try {
      await untilAborted(bytes.begun, signal ? AbortSignal.any([signal, limit]) : limit);
    } catch (error) {
      if (signal?.aborted) throw error;
      throw addressFailure(address, silence) ?? error;
    }
  }

  /** Who is called and gives nothing is called anew: it may have died without a word. What somebody has is left alone. */
  #leaveStill(key: string): void {
    const held = this.#held.get(key);
    if (held?.holders === 0 && held.there?.bytes.isStill) this.#close(key);
  }

  #hold(room: string, address: SourceAddress): Hold {
    const key = keyOf(room, address);
    const held = this.#held.get(key) ?? this.#begin(key, address);
    held.timer?.cancel();
    held.holders++;
    let isReleased = false;
    return {
      connection: held.connection,
      release: (ms = 0) => {
        if (isReleased) return;
        isReleased = true;
        held.holders--;
        if (held.holders > 0 || this.#held.get(key) !== held) return;
        if (ms === 0) this.#close(key);
        else held.timer = this.#clock.after(ms, () => this.#close(key));
      },
    };
  }

  #begin(key: string, address: SourceAddress): Held {
    const connection = this.#connect(address);
    const held: Held = { connection, there: undefined, holders: 0, timer: undefined };
    const leave = () => {
      held.timer?.cancel();
      if (this.#held.get(key) === held) this.#held.delete(key);
    };
    const begun = (there: SrtConnection) => {
      held.there = there;
      return there.ended;
    };
    connection.then(begun).then(leave, leave);
    this.#held.set(key, held);
    return held;
  }

  async #connect(address: SourceAddress): Promise<SrtConnection> {
    const location = await this.#locate(address);
    if (opensPort(address)) {
      // What listened at it may be about to end.
      await Promise.all(this.#closing);
      await checkFree(address);
    }
    return SrtConnection.start(this.#options.ffmpeg, address, location, this.#clock);
  }

  /** Nothing in SRT leads elsewhere than to the very address that was checked. */
  async #locate(address: SourceAddress): Promise<string> {
    if (opensPort(address)) {
      checkListening(address, { groups: false });
      return srtLocation(address, address.host);
    }
    const [called] = await this.#options.guard.addresses(address.host);
    return srtLocation(address, called?.address ?? address.host);
  }

  #close(key: string): void {
    const held = this.#held.get(key);
    if (!held) return;
    this.#held.delete(key);
    held.timer?.cancel();
    const closing = held.connection.then((connection) => connection.close()).catch(() => {});
    this.#closing.add(closing);
    void closing.then(() => this.#closing.delete(closing));
  }
}

/** Those who call a port, for one who plays them. */
export class Callers implements Arrivals<SrtConnection> {
  readonly waits: string;
  readonly left: string;
  readonly #take: () => Hold;
  #hold: Hold | undefined;

  /** @param waits what is told while there is none */
  constructor(waits: string, take: () => Hold) {
    this.waits = waits;
    this.left = `the caller has left; ${waits}`;
    this.#take = take;
  }

  get isThere(): boolean {
    return this.#hold !== undefined;
  }

  async present(signal: AbortSignal): Promise<SrtConnection> {
    this.#release();
    const hold = this.#take();
    this.#hold = hold;
    try {
      const connection = await untilAborted(hold.connection, signal);
      await untilAborted(connection.bytes.begun, signal);
      if (connection.bytes.empty) throw connection.failure;
      return connection;
    } catch (error) {
      this.#release();
      throw error;
    }
  }

  async gone({ ended }: SrtConnection, signal: AbortSignal): Promise<void> {
    await untilAborted(ended, signal).finally(() => this.#release());
  }

  #release(): void {
    this.#hold?.release();
    this.#hold = undefined;
  }
}

function keyOf(room: string, { href }: SourceAddress): string {
  return `${room} ${href}`;
}

function nobodyThere({ port }: SourceAddress): MiroliveError {
  return new MiroliveError('SOURCE_UNREACHABLE', `nobody calls port ${port} by SRT just now`);
}

/** @throws MiroliveError SOURCE_UNREACHABLE where somebody listens at a port already */
async function checkFree(address: SourceAddress): Promise<void> {
  const socket = createSocket(isIP(address.host) === 6 ? 'udp6' : 'udp4');
  try {
    socket.bind({ address: address.host, port: address.port, exclusive: true });
    await once(socket, 'listening');
  } catch (error) {
    const words =
      error instanceof Error && 'code' in error && error.code === 'EADDRINUSE' ? inUse : `${error}`;
    throw addressFailure(address, words) ?? error;
  } finally {
    await new Promise<void>((closed) => socket.close(() => closed()));
  }
}

const inUse = 'address already in use';

/** Rejects with the signal's reason where that aborts first. */
async function untilAborted<T>(awaited: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return await awaited;
  signal.throwIfAborted();
  const gone = Promise.withResolvers<never>();
  const leave = () => gone.reject(signal.reason);
  signal.addEventListener('abort', leave, { once: true });
  try {
    return await Promise.race([awaited, gone.promise]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
