import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { CallInput } from '../../contract/api.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { Event } from '../../contract/events.ts';
import type { EventHub } from '../event-hub.ts';
import type { KeptEvents } from '../history/kept-events.ts';
import { beginLines, placeFor } from './begin-lines.ts';
import { streamEvents } from './event-stream.ts';

/** Streams of events and other lines at once. */
const maxStreams = 100;
/** With one token: the others, and the machine's own, have places left. */
const maxOfToken = 20;

export interface ControlStreamsOptions {
  readonly hub: EventHub;
  /** What has happened. */
  readonly past: Pick<KeptEvents, 'past'>;
  readonly log: Logger;
}

/** Answers of the control API that go on: a line for each value. */
export class ControlStreams {
  readonly #options: ControlStreamsOptions;
  /** Each ends one. */
  readonly #ends = new Set<() => void>();
  /** How many there are with each token, by its id. */
  readonly #ofTokens = new Map<string, number>();

  constructor(options: ControlStreamsOptions) {
    this.#options = options;
  }

  /** Ends all of them. */
  close(): void {
    for (const end of this.#ends) end();
  }

  /** What goes wrong before the first line is answered as for any call. @param token the id of that with which somebody came; null: none */
  async lines(
    lines: AsyncIterable<unknown>,
    gone: AbortController,
    reply: FastifyReply,
    token: string | null,
  ): Promise<void> {
    this.#bound(token, reply);
    const values = lines[Symbol.asyncIterator]();
    const end = () => gone.abort(new MiroliveError('SHUTTING_DOWN', 'the daemon is ending'));
    // It counts from here on: what looks for its first line does its work already.
    this.#ends.add(end);
    try {
      let next = await values.next();
      const raw = beginLines(reply);
      const write = (value: unknown) => raw.write(`${JSON.stringify(value)}\n`);
      try {
        for (; !next.done; next = await values.next()) {
          write(next.value);
          await placeFor(raw);
        }
      } catch (error) {
        write({ type: 'failed', error: asMiroliveError(error) });
      } finally {
        raw.end();
      }
    } finally {
      this.#ends.delete(end);
    }
  }

  /** What has happened, and with `follow` what happens from now on. @param sees which events whoever reads them may see; null: all */
  async events(
    asked: CallInput<'events'>,
    sees: ((event: Event) => boolean) | null,
    reply: FastifyReply,
    token: string | null,
  ): Promise<void> {
    this.#bound(token, reply);
    await streamEvents(asked, reply, { ...this.#options, sees, ends: this.#ends });
  }

  #bound(token: string | null, { raw }: FastifyReply): void {
    if (this.#ends.size >= maxStreams) throw tooMany(`there are ${maxStreams} streams already`);
    if (token === null) return;
    const before = this.#ofTokens.get(token) ?? 0;
    if (before >= maxOfToken) throw tooMany(`there are ${maxOfToken} streams with this token already`);
    this.#ofTokens.set(token, before + 1);
    raw.once('close', () => {
      const left = (this.#ofTokens.get(token) ?? 0) - 1;
      if (left > 0) this.#ofTokens.set(token, left);
      else this.#ofTokens.delete(token);
    });
  }
}

function tooMany(message: string): MiroliveError {
  return new MiroliveError('LIMIT_REACHED', message, { hint: 'Close one of them.' });
}
