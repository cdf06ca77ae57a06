import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';

/** What stands where HTTP has its version in the answers of SHOUTcast and of what does as it does: `ICY 200 OK`. */
const icy = Buffer.from('ICY ');
const http = Buffer.from('HTTP/1.0 ');

/**
 * A connection whose answer is one of HTTP: what radio stations begin with `ICY` is the same otherwise, up to its end. Destroyed
 * with the connection, as that is with it.
 */
export class IcyAnswer extends Duplex {
  readonly #socket: Socket;
  /** The first bytes, until they tell; undefined: they did. */
  #head: Buffer | undefined = Buffer.alloc(0);

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    // Whoever reads hears of it by the end of what there is to read.
    this.on('error', () => {});
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.once('end', () => {
      if (this.#head?.length) this.push(this.#head);
      this.push(null);
    });
    socket.once('error', (error) => this.destroy(error));
    socket.once('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (this.#socket.closed) {
      done(error);
      return;
    }
    // It is over when the connection is, not before.
    this.#socket.once('close', () => done(error));
    this.#socket.destroy();
  }

  #take(chunk: Buffer): void {
    const known = this.#head ? this.#begin(Buffer.concat([this.#head, chunk])) : chunk;
    if (known && !this.push(known)) this.#socket.pause();
  }

  /** What its first bytes become; null: more of them have to come. */
  #begin(head: Buffer): Buffer | null {
    this.#head = head;
    if (head.length < icy.length && icy.subarray(0, head.length).equals(head)) return null;
    this.#head = undefined;
    const isIcy = head.subarray(0, icy.length).equals(icy);
    return isIcy ? Buffer.concat([http, head.subarray(icy.length)]) : head;
  }
}
