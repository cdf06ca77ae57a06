import type { Clock } from '../../contract/clock.ts';
import type { Event } from '../../contract/events.ts';
import { withoutAddresses } from '../../contract/hidden-addresses.ts';
import { isFigure } from '../event-figures.ts';
import type { EventHub } from '../event-hub.ts';
import { eventLevels } from '../event-levels.ts';
import type { EventPage, EventRow, Shelf } from './event-table.ts';
import type { History } from './history.ts';
import type { HistoryLimits } from './history-table.ts';

/** A longer event is not kept, in bytes of JSON: others would have to go for it. */
const maxEventBytes = 128 * 1024;
/** Shelves that whoever asks for no types is told of. */
const told: readonly Shelf[] = ['wrong', 'usual', 'refused', 'strange'];
/** Addresses in these are of people. */
const ofPersons = /^(viewer|publisher)\./;
/** Of those, the ones of which it is said what is missing. */
const whole: readonly Shelf[] = ['wrong', 'usual'];
const all: readonly Shelf[] = [...told, 'viewers'];

export interface KeptEventsOptions {
  readonly hub: EventHub;
  readonly history: Pick<History, 'add' | 'lose' | 'read'>;
  readonly limits: () => Pick<HistoryLimits, 'keepAddressesMs'>;
  readonly clock: Clock;
  /** Whether an operator has made a room, and not whoever names it. */
  readonly isOwn: (room: string) => boolean;
}

/** What somebody wants to know of the past. */
export interface PastAsked {
  /** What happened in the last so many ms. */
  readonly sinceMs: number;
  /** null: all but who came and went. */
  readonly types: ReadonlySet<string> | null;
  readonly room: string | null;
}

/** Some of what has happened. */
export interface PastPage {
  /** Nothing is missing after it; some of what went wrong before may be there too. */
  readonly from: string;
  /** Each as JSON. */
  readonly texts: readonly string[];
}

/** Keeps what happens in the history, and tells it to who asks afterwards. */
export class KeptEvents {
  readonly #options: KeptEventsOptions;
  readonly #stop: () => void;

  constructor(options: KeptEventsOptions) {
    this.#options = options;
    this.#stop = options.hub.listen((event) => this.#keep(event));
  }

  /**
   * Page by page, so that a long past is never in memory. What happens from the moment of the call on is not in it; the first page
   * comes always, and may be empty.
   *
   * @throws MiroliveError STATE_UNAVAILABLE
   */
  past({ sinceMs, types, room }: PastAsked): AsyncGenerator<PastPage, void> {
    const { history, clock } = this.#options;
    const nowMs = clock.wallMs();
    const from = nowMs - sinceMs;
    const query = {
      ...{ sinceMs: from, types: types && [...types], room },
      ...(types === null ? { shelves: told, whole } : { shelves: all, whole: all }),
    };
    const ask = (after: number, upTo: number | null, part: number) =>
      history.read('events', { ...query, after, upTo }, part);
    // At once: what is kept afterwards is somebody else's to tell.
    const first = ask(0, null, 0);
    first.catch(() => {});
    return pages(first, ask, { from, nowMs });
  }

  close(): void {
    this.#stop();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #keep(event: Event): void {
    if (isFigure(event)) return;
    const { history, limits, isOwn } = this.#options;
    const isPersonal = ofPersons.test(event.type);
    const isHidden = isPersonal && limits().keepAddressesMs === 0;
    const text = JSON.stringify(isHidden ? withoutAddresses(event) : event);
    const bytes = Buffer.byteLength(text);
    if (bytes > maxEventBytes) {
      history.lose();
      return;
    }
    const room = 'room' in event ? (event.room ?? '') : null;
    const row: EventRow = {
      ...{ atMs: Date.parse(event.at), type: event.type, room, text },
      ...{ shelf: shelfOf(event, () => room === null || isOwn(room)), personal: isPersonal && !isHidden },
    };
    history.add('events', row, bytes);
  }
}

/** What viewers make by coming, going, and raising a hand. */
const ofViewers: readonly Event['type'][] = ['viewer.joined', 'viewer.left', 'hand.raised', 'hand.lowered'];

/** @param isOwn it is of a room that an operator has made, or of none */
function shelfOf({ type }: Event, isOwn: () => boolean): Shelf {
  if (ofViewers.includes(type)) return isOwn() ? 'viewers' : 'strange';
  if (type === 'publisher.refused') return isOwn() ? 'refused' : 'strange';
  const level = eventLevels[type];
  return level === 'warn' || level === 'error' ? 'wrong' : 'usual';
}

async function* pages(
  first: Promise<EventPage | null>,
  ask: (after: number, upTo: number | null, part: number) => Promise<EventPage | null>,
  { from, nowMs }: { readonly from: number; readonly nowMs: number },
): AsyncGenerator<PastPage, void> {
  let page = await first;
  for (let part = 0; page !== null; part += 1) {
    for (;;) {
      const { texts, after, upTo, completeMs }: EventPage = page;
      yield { from: new Date(Math.min(nowMs, Math.max(from, completeMs))).toISOString(), texts };
      if (after === null) break;
      page = await ask(after, upTo, part);
      if (page === null) return;
    }
    page = await ask(0, null, part + 1);
  }
}
