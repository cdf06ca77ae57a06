import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { Clock } from '../../contract/clock.ts';
import type { BoundedSession } from './bounded-session.ts';

/** When nothing has come for so long, in ms, whoever begins to pull waits: what is replayed alone would look as if the publisher were back. */
const staleMs = 500;

/** What may be pulled: the stream of one publisher. */
export class Stream {
  readonly id: string;
  readonly room: string;
  /** Whoever pulls has to know it. */
  readonly token = randomBytes(16).toString('hex');
  /** Those who pull. */
  readonly pulls = new Set<BoundedSession>();
  readonly #clock: Clock;
  #heardAtMs = Number.NEGATIVE_INFINITY;
  #news = Promise.withResolvers<void>();

  constructor(clock: Clock, id: string, room: string) {
    this.#clock = clock;
    this.id = id;
    this.room = room;
  }

  /** Something has come. */
  heard(): void {
    this.#heardAtMs = this.#clock.nowMs();
    this.#news.resolve();
    this.#news = Promise.withResolvers();
  }

  /** Resolves when something has come just now; never, if nothing does. */
  async fresh(): Promise<void> {
    if (this.#clock.nowMs() - this.#heardAtMs > staleMs) await this.#news.promise;
  }
}

/** The streams that come in now. */
export class Streams {
  readonly #clock: Clock;
  readonly #streams = new Map<string, Stream>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(id: string, room: string): Stream {
    const stream = new Stream(this.#clock, id, room);
    this.#streams.set(id, stream);
    return stream;
  }

  /** The stream that an address on loopback is of: its room, and its id with the token. */
  find(room: string, name: string): Stream | undefined {
    const [id = '', token = ''] = name.split('?token=');
    const stream = this.#streams.get(id);
    if (!stream || stream.room !== room) return undefined;
    const [wanted, given] = [Buffer.from(stream.token), Buffer.from(token)];
    return wanted.length === given.length && timingSafeEqual(wanted, given) ? stream : undefined;
  }

  /** It has ended: whoever pulls it gets what is left, and then its end. */
  remove(id: string): void {
    const stream = this.#streams.get(id);
    this.#streams.delete(id);
    for (const session of stream?.pulls ?? []) session.end();
  }
}
