import { systemClock } from '../../contract/clock.ts';
import type { Reports } from '../audience/reports.ts';
import type { History } from '../history/history.ts';
import type { Handlers } from './handler-table.ts';

export interface ReportHandlerOptions {
  readonly reports: Pick<Reports, 'get'>;
  readonly history: Pick<History, 'remove'>;
}

/** What the calls do by which it is told how what is over was watched, and by which that is removed. */
export function reportHandlers({ reports, history }: ReportHandlerOptions) {
  return {
    getReport: (input, { caller }) => reports.get(input, caller),
    deleteHistory: async ({ room, beforeMs }) => {
      const removed = await history.remove({ room, beforeMs: systemClock.wallMs() - beforeMs });
      return { room, events: removed.events, minutes: removed.audience };
    },
  } satisfies Partial<Handlers>;
}
