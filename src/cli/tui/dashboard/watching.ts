import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { asMiroliveError } from '../../../contract/errors.ts';
import type { Event } from '../../../contract/events.ts';
import type { Client } from '../../client.ts';
import { passing } from '../../observed-view.ts';
import type { Seen } from './seen.ts';

/** What is different in what is seen. */
export type Changes = (seen: Seen) => Partial<Seen>;

/** So many events are kept, and so many counts of viewers of each room. */
const [mostEvents, mostCounts] = [500, 60];
/** A count for the sparkline each, in ms. */
const countedMs = 5000;
/** Events of so long before are shown, in ms. */
const beforeMs = 10 * 60_000;
const againMs = 1000;

/** Follows the daemon: all rooms at a glance, all of the one that is open, and what happens. */
export function watchDaemon(
  client: Client,
  signal: AbortSignal,
  { tell, fail }: { readonly tell: (changes: Changes) => void; readonly fail: (error: unknown) => void },
) {
  let opened: { readonly room: string | null; readonly ended: AbortController } | null = null;

  void followAll().catch(fail);
  void followEvents();
  const counting = setInterval(() => tell(counted), countedMs);
  signal.addEventListener('abort', () => clearInterval(counting), { once: true });

  return {
    /** From here on all of this room is wanted, of no other; null: of none. */
    follow(room: string | null): void {
      if (opened?.room === room) return;
      opened?.ended.abort();
      opened = { room, ended: new AbortController() };
      tell(() => ({ whole: null }));
      if (room !== null) void followRoom(room, AbortSignal.any([signal, opened.ended.signal])).catch(fail);
    },
  };

  async function followAll(): Promise<void> {
    for await (const told of client.observe({}, signal)) {
      const { view } = told;
      if (told.is === 'lost') {
        const reason = told.why.message;
        tell(() => ({ link: { is: 'lost', since: Date.now(), reason } }));
      } else
        tell((seen) => ({
          view,
          link: { is: 'up' },
          ...(seen.counts.size === 0 && counted({ ...seen, view })),
        }));
    }
  }

  async function followRoom(room: string, ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      try {
        for await (const { view } of client.observe({ room, viewers: true }, ended)) {
          if (ended.aborted) return;
          tell(() => ({ whole: view }));
        }
      } catch (error) {
        // A room is opened while the daemon is away, too. What no waiting mends ends it.
        if (ended.aborted) return;
        if (!passing.includes(asMiroliveError(error).code)) throw error;
        await pause(againMs, undefined, { signal: ended }).catch(() => {});
      }
    }
  }

  async function followEvents(): Promise<void> {
    // One clock stands still while the machine sleeps, the other may be put back: what is told twice for that is kept once.
    const now = () => [performance.now(), Date.now()] as const;
    let heard: readonly number[] = now().map((ms) => ms - beforeMs);
    while (!signal.aborted) {
      try {
        const sinceMs = Math.ceil(Math.max(...now().map((ms, clock) => ms - (heard[clock] ?? ms))));
        for await (const event of client.events({ sinceMs }, { signal })) {
          heard = now();
          if (event.type === 'events.open') continue;
          tell(({ events }) => ({ events: withEvent(events, event) }));
        }
      } catch {
        // Whether the daemon is there is told by the view.
        if (!signal.aborted) await pause(againMs);
      }
    }
  }
}

/** The latest first, each once. */
function withEvent(events: readonly Event[], event: Event): readonly Event[] {
  const isHeld = events.some((held) => held.at === event.at && isDeepStrictEqual(held, event));
  return isHeld ? events : [event, ...events].slice(0, mostEvents);
}

/** Each room's viewers once more. */
function counted({ view, counts }: Pick<Seen, 'view' | 'counts'>): Partial<Seen> {
  if (view === null) return {};
  const now = Object.values(view.rooms).map(({ name, audience }): [string, number[]] => [
    name,
    [...(counts.get(name) ?? []), audience.viewers].slice(-mostCounts),
  ]);
  return { counts: new Map(now) };
}
