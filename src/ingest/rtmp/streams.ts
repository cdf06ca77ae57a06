import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { BoundedSession } from './bounded-session.ts';

/** What may be pulled: the stream of one publisher. */
export interface Stream {
  readonly id: string;
  readonly room: string;
  /** Whoever pulls has to know it. */
  readonly token: string;
  /** Those who pull. */
  readonly pulls: Set<BoundedSession>;
}

/** The streams that come in now. */
export class Streams {
  readonly #streams = new Map<string, Stream>();

  add(id: string, room: string): Stream {
    const stream = { id, room, token: randomBytes(16).toString('hex'), pulls: new Set<BoundedSession>() };
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
