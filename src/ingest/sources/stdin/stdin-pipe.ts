import { once } from 'node:events';
import { chmod, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { type Clock, systemClock, type Timer } from '../../../contract/clock.ts';

/** A pipe that nobody writes into yet, or nobody plays, is closed after so long, in ms. */
const idleTimeoutMs = 30_000;
/** What was read is kept for so many bytes until it is played, so that it can be looked at first: 5 s of 40 Mbit/s. */
const maxKeptBytes = 24 * 1024 * 1024;

/** What the socket of a token is called. */
export function stdinName(token: string): string {
  return `stdin-${token}.sock`;
}

/**
 * What one client writes into a Unix socket, for ffprobe and ffmpeg. Several may look at its beginning; once it is played,
 * each reader goes on where the one before has ended, and makes the client wait.
 */
export class StdinPipe {
  readonly path: string;
  /** When its first byte came, by the monotonic clock. */
  sinceMs = Number.POSITIVE_INFINITY;
  readonly #closed = Promise.withResolvers<void>();
  readonly #server: Server;
  readonly #clock: Clock;
  #idleTimer: Timer | undefined;
  #client: Socket | undefined;
  /** Those who look, or the one who plays. */
  readonly #readers = new Set<Socket>();
  /** What was read and not played. */
  #kept: Buffer[] = [];
  #keptBytes = 0;
  #played = false;
  /** The client has written its last byte. */
  #ended = false;

  private constructor(path: string, clock: Clock) {
    this.path = path;
    this.#clock = clock;
    this.#server = createServer((client) => this.#arrived(client));
    this.#server.maxConnections = 1;
    this.#beIdle();
  }

  /** Listens in a folder that only the daemon and its operators may enter. */
  static async create(folder: string, token: string, clock: Clock = systemClock): Promise<StdinPipe> {
    const pipe = new StdinPipe(join(folder, stdinName(token)), clock);
    try {
      pipe.#server.listen(pipe.path);
      await once(pipe.#server, 'listening');
      await chmod(pipe.path, 0o660);
      return pipe;
    } catch (error) {
      await pipe.close();
      throw error;
    }
  }

  /** Resolves when it is closed, or given up. */
  get closed(): Promise<void> {
    return this.#closed.promise;
  }

  /** Nothing is left of it. */
  get over(): boolean {
    return this.#ended && this.#keptBytes === 0;
  }

  /** Nothing has come. */
  get empty(): boolean {
    return this.sinceMs === Number.POSITIVE_INFINITY;
  }

  /** It was begun to be played: what comes now is not its beginning. */
  get played(): boolean {
    return this.#played;
  }

  /** All that can be looked at is there. */
  get complete(): boolean {
    return this.#ended || this.#isFull;
  }

  /** Gives a reader what comes, from the beginning up to a limit, and keeps it. */
  peek(reader: Socket): void {
    for (const chunk of this.#kept) reader.write(chunk);
    if (this.complete) reader.end();
    else this.#add(reader);
  }

  /** Gives a reader everything; one that is gone already takes nothing from the next. */
  play(reader: Socket): void {
    if (reader.destroyed) return;
    this.#idleTimer?.cancel();
    this.#played = true;
    for (const chunk of this.#kept.splice(0)) reader.write(chunk);
    this.#keptBytes = 0;
    this.#add(reader);
    reader.once('close', () => {
      this.#client?.pause();
      if (this.over) void this.close();
      else this.#beIdle();
    });
    if (this.#ended) {
      reader.end();
      return;
    }
    reader.on('drain', () => this.#client?.resume());
    if (!reader.writableNeedDrain) this.#client?.resume();
  }

  async close(): Promise<void> {
    this.#idleTimer?.cancel();
    this.#closed.resolve();
    this.#kept = [];
    this.#keptBytes = 0;
    this.#end();
    this.#client?.destroy();
    this.#server.close();
    await rm(this.path, { force: true });
  }

  #arrived(client: Socket): void {
    this.#client = client;
    this.#beIdle();
    client.on('error', () => {}).on('data', (chunk) => this.#pass(chunk));
    // One that breaks off has given what it had.
    client.on('close', () => this.#end());
    // There is no other one: the place can go.
    this.#server.close();
    void rm(this.path, { force: true });
  }

  #add(reader: Socket): void {
    this.#readers.add(reader);
    reader.once('close', () => this.#readers.delete(reader));
  }

  #pass(chunk: Buffer): void {
    this.sinceMs = Math.min(this.sinceMs, this.#clock.nowMs());
    let wait = this.#played;
    for (const reader of this.#readers) wait = !reader.write(chunk);
    if (!this.#played || this.#readers.size === 0) {
      this.#kept.push(chunk);
      this.#keptBytes += chunk.length;
    }
    if (this.#isFull) for (const reader of this.#readers) reader.end();
    if (this.#isFull || (this.#played && wait)) this.#client?.pause();
  }

  /** Nobody who only looks at it needs more. */
  get #isFull(): boolean {
    return !this.#played && this.#keptBytes >= maxKeptBytes;
  }

  #end(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader.end();
  }

  #beIdle(): void {
    this.#idleTimer?.cancel();
    this.#idleTimer = this.#clock.after(idleTimeoutMs, () => void this.close());
  }
}
