import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import { apiVersion, type CallInput } from '../../contract/api.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import type { Event } from '../../contract/events.ts';
import { isFigure } from '../event-figures.ts';
import type { EventHub } from '../event-hub.ts';

/** A reader of events who is this far behind is cut off, rather than fill the daemon's memory. */
const maxBacklogBytes = 4 * 1024 * 1024;
/** Streams of events and other lines at once. */
const maxStreams = 100;

export interface ControlStreamsOptions {
  readonly hub: EventHub;
  readonly log: Logger;
}

/** Answers of the control API that go on: a line for each value. */
export class ControlStreams {
  readonly #options: ControlStreamsOptions;
  /** Each ends one. */
  readonly #ends = new Set<() => void>();

  constructor(options: ControlStreamsOptions) {
    this.#options = options;
  }

  /** Ends all of them. */
  close(): void {
    for (const end of this.#ends) end();
  }

  /** What goes wrong before the first line is answered as for any call. */
  async lines(lines: AsyncIterable<unknown>, gone: AbortController, reply: FastifyReply): Promise<void> {
    this.#bound();
    const values = lines[Symbol.asyncIterator]();
    let next = await values.next();
    const raw = begin(reply);
    const write = (value: unknown) => raw.write(`${JSON.stringify(value)}\n`);
    const end = () => gone.abort(new MiroliveError('SHUTTING_DOWN', 'the daemon is ending'));
    this.#ends.add(end);
    try {
      for (; !next.done; next = await values.next()) write(next.value);
    } catch (error) {
      write({ type: 'failed', error: asMiroliveError(error) });
    } finally {
      this.#ends.delete(end);
      raw.end();
    }
  }

  /** What has happened, and with `follow` what happens from now on. */
  events({ room, stats, sinceMs, follow }: CallInput<'events'>, reply: FastifyReply): void {
    this.#bound();
    const { hub, log } = this.#options;
    const raw = begin(reply);
    const write = (event: Event) => {
      raw.write(`${JSON.stringify(event)}\n`);
      if (raw.writableLength <= maxBacklogBytes || raw.destroyed) return;
      raw.destroy();
      log.warn({ room, stats }, 'a reader of events reads too slowly, and is cut off');
    };
    const isAsked = (event: Event) =>
      (stats || !isFigure(event)) && (room === undefined || !('room' in event) || event.room === room);
    const { events, ...moments } = hub.past(sinceMs);
    write({ type: 'events.open', ...moments });
    const tell = (event: Event) => {
      if (isAsked(event)) write(event);
    };
    events.forEach(tell);
    const stop = follow ? hub.listen(tell) : () => {};
    const end = () => {
      stop();
      raw.end();
    };
    this.#ends.add(end);
    raw.on('close', () => {
      stop();
      this.#ends.delete(end);
    });
    if (!follow) end();
  }

  #bound(): void {
    if (this.#ends.size < maxStreams) return;
    throw new MiroliveError('LIMIT_REACHED', `there are ${maxStreams} streams already`, {
      hint: 'Close one of them.',
    });
  }
}

function begin(reply: FastifyReply): FastifyReply['raw'] {
  reply.hijack();
  const { raw } = reply;
  raw.on('error', () => raw.destroy());
  raw.writeHead(200, { 'content-type': 'application/x-ndjson', 'mirolive-api': apiVersion });
  return raw;
}
