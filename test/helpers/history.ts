import { join } from 'node:path';
import { type Clock, systemClock } from '../../src/contract/clock.ts';
import type { Event } from '../../src/contract/events.ts';
import type { EventHub } from '../../src/daemon/event-hub.ts';
import type { Trouble } from '../../src/daemon/health.ts';
import { History, type HistoryOptions } from '../../src/daemon/history/history.ts';
import type { HistoryLimits } from '../../src/daemon/history/history-table.ts';
import { KeptEvents, type PastAsked } from '../../src/daemon/history/kept-events.ts';
import { silentLog } from './state.ts';

const dayMs = 86_400_000;

/** What the configuration says where nobody says anything. */
export const usualLimits: HistoryLimits = {
  keepMs: 30 * dayMs,
  maxBytes: 256 * 1024 * 1024,
  keepAddressesMs: 7 * dayMs,
};

/** A history in a folder, as a daemon has it. */
export function openHistory(folder: string, options: Partial<HistoryOptions> = {}) {
  const told: (Trouble | null)[] = [];
  const health = { lost: (_: string, trouble: Trouble) => told.push(trouble), found: () => told.push(null) };
  const file = join(folder, 'history.db');
  const history = new History({
    ...{ file, limits: () => usualLimits, clock: systemClock, health, log: silentLog },
    ...options,
  });
  return { history, told, file };
}

/** What happens at a hub, kept in a folder. */
export function keepEvents(
  folder: string,
  hub: EventHub,
  { limits = usualLimits, clock = systemClock }: { limits?: HistoryLimits; clock?: Clock } = {},
) {
  const { history, ...rest } = openHistory(folder, { limits: () => limits });
  const isOwn = (room: string) => room === 'lobby';
  const kept = new KeptEvents({ hub, history, clock, isOwn, limits: () => limits });
  return {
    ...rest,
    ...{ history, kept },
    /** All that is told of the past. */
    past: (asked: Partial<PastAsked> = {}) => told(kept, asked),
    async [Symbol.asyncDispose]() {
      kept.close();
      await history.close();
    },
  };
}

async function told(kept: KeptEvents, asked: Partial<PastAsked>): Promise<{ from: string; events: Event[] }> {
  const events: Event[] = [];
  let from = '';
  for await (const page of kept.past({ sinceMs: 3_600_000, types: null, room: null, ...asked })) {
    from ||= page.from;
    events.push(...page.texts.map((text) => JSON.parse(text) as Event));
  }
  return { from, events };
}
