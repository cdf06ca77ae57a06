import type { FastifyReply } from 'fastify';
import type { Logger } from 'pino';
import type { CallInput } from '../../contract/api.ts';
import { matching } from '../../contract/event-types.ts';
import type { Event } from '../../contract/events.ts';
import { isFigure } from '../event-figures.ts';
import type { EventHub } from '../event-hub.ts';
import type { KeptEvents, PastPage } from '../history/kept-events.ts';
import { beginLines, placeFor } from './begin-lines.ts';

/** A reader of events who is this far behind is cut off, rather than fill the daemon's memory. */
const maxBacklogBytes = 4 * 1024 * 1024;

export interface EventStreamOptions {
  readonly hub: EventHub;
  readonly past: Pick<KeptEvents, 'past'>;
  readonly log: Logger;
  /** Which events whoever reads them may see; null: all. */
  readonly sees: ((event: Event) => boolean) | null;
  /** Those that are open: each ends one. */
  readonly ends: Set<() => void>;
}

/** Answers with events, one on a line: those of the past, as fast as they are read, then those that happen. @throws MiroliveError STATE_UNAVAILABLE */
export async function streamEvents(
  { room, stats, sinceMs, follow, type }: CallInput<'events'>,
  reply: FastifyReply,
  { hub, past, log, sees, ends }: EventStreamOptions,
): Promise<void> {
  const { raw } = reply;
  const types = type === undefined ? null : matching(type);
  const isAsked = (event: Event) =>
    (sees === null || sees(event)) &&
    (stats || !isFigure(event)) &&
    (types === null || types.has(event.type)) &&
    (room === undefined || !('room' in event) || event.room === room);
  /** What happens while the past is told. */
  let waiting: string[] | null = [];
  let waitingBytes = 0;
  const write = (line: string) => {
    if (waiting) {
      waiting.push(line);
      waitingBytes += line.length;
    } else raw.write(line);
    if (raw.writableLength + waitingBytes <= maxBacklogBytes || raw.destroyed) return;
    end();
    raw.destroy();
    log.warn({ room, stats }, 'a reader of events reads too slowly, and is cut off');
  };
  const stop = follow
    ? hub.listen((event) => {
        if (isAsked(event)) write(`${JSON.stringify(event)}\n`);
      })
    : () => {};
  const end = () => {
    stop();
    ends.delete(end);
    raw.end();
  };
  ends.add(end);
  raw.on('close', end);
  const at = hub.now;
  // In the same moment: what happens from now on is told by who listens, what did before by the history.
  const pages = sinceMs === 0 ? null : past.past({ sinceMs, types, room: room ?? null });
  try {
    // As long as nothing is said it can be answered that it cannot be read.
    const first = await pages?.next();
    beginLines(reply);
    const open: Event = { type: 'events.open', at, from: first?.value ? first.value.from : at };
    raw.write(`${JSON.stringify(open)}\n`);
    for (let page = first; pages && page && !page.done && isOpen(raw); page = await pages.next())
      await told(raw, seen(page.value.texts, sees));
  } catch (error) {
    stop();
    ends.delete(end);
    if (!raw.headersSent) throw error;
    raw.destroy();
  }
  if (isOpen(raw)) for (const line of waiting) raw.write(line);
  waiting = null;
  waitingBytes = 0;
  if (!follow) end();
}

/** Resolves once there is place for more, or nobody reads. */
async function told(raw: FastifyReply['raw'], texts: PastPage['texts']): Promise<void> {
  if (!isOpen(raw) || texts.length === 0) return;
  raw.write(`${texts.join('\n')}\n`);
  await placeFor(raw);
}

/** Those of the past that may be seen; they are read for that only where some may not. */
function seen(texts: PastPage['texts'], sees: EventStreamOptions['sees']): PastPage['texts'] {
  return sees === null ? texts : texts.filter((text) => sees(JSON.parse(text) as Event));
}

function isOpen({ destroyed, writableEnded }: FastifyReply['raw']): boolean {
  return !destroyed && !writableEnded;
}
