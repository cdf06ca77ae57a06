import type { CallInput, CallResult } from '../../contract/api.ts';
import type { Clock } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { maySee, type Principal } from '../../contract/principal.ts';
import type { AudienceQuery, AudienceResult, AudienceSubject } from '../history/audience-table.ts';
import type { History } from '../history/history.ts';
import { type MinuteFigures, together } from './minute-figures.ts';
import { type ReportRange, reportOf } from './report-of.ts';
import { reportRange } from './report-range.ts';
import { minuteMs } from './room-tally.ts';

const dayMinutes = 24 * 60;

export interface ReportsOptions {
  readonly history: Pick<History, 'read'>;
  readonly clock: Clock;
  /** Has what was counted until now given to the history. */
  readonly give: () => void;
  /** A broadcast that is on air; null: it is not. */
  readonly live: (
    id: string,
  ) => { readonly room: string; readonly name: string; readonly startedAt: string } | null;
}

type Span = Extract<AudienceResult, { is: 'span' }>;

/** Tells how a broadcast, or what was in a room, was watched. */
export class Reports {
  readonly #options: ReportsOptions;

  constructor(options: ReportsOptions) {
    this.#options = options;
  }

  /** @throws MiroliveError BROADCAST_NOT_FOUND, INVALID_REQUEST, STATE_UNAVAILABLE */
  async get(asked: CallInput<'getReport'>, caller: Principal): Promise<CallResult<'getReport'>> {
    const { clock, give, live } = this.#options;
    const { broadcast = null } = asked;
    const subject = { room: asked.room ?? null, broadcast };
    if (subject.room === null && broadcast === null)
      throw new MiroliveError('INVALID_REQUEST', 'expected a broadcast or a room, got neither', {
        hint: 'Name one: mirolive report --room ROOM',
      });
    give();
    const { span, completeMs } = await this.#span(subject);
    const onAir = broadcast === null ? null : live(broadcast);
    const room = span?.room ?? onAir?.room ?? (broadcast === null ? subject.room : null);
    if (room === null || !maySee(caller, room) || (subject.room ?? room) !== room) throw notFound(broadcast);
    const nowMs = clock.wallMs();
    const nowMinute = Math.floor(nowMs / minuteMs);
    const begun = onAir ? Math.floor(Date.parse(onAir.startedAt) / minuteMs) : nowMinute;
    const usual =
      broadcast === null
        ? { fromMinute: nowMinute + 1 - dayMinutes, untilMinute: nowMinute + 1 }
        : {
            fromMinute: Math.min(span?.fromMinute ?? begun, begun),
            untilMinute: (onAir ? nowMinute : (span?.lastMinute ?? nowMinute)) + 1,
          };
    const range = reportRange(asked, usual, nowMs);
    return {
      ...{ room, broadcast, title: onAir?.name ?? span?.title ?? null },
      // Of the minute in which it begins what there was is counted.
      completeSince: new Date(completeMs - (completeMs % minuteMs)).toISOString(),
      ...reportOf(range, await this.#counted(subject, range), nowMs),
    };
  }

  async #span(subject: AudienceSubject): Promise<Omit<Span, 'is'>> {
    let found: Omit<Span, 'is'> = { span: null, completeMs: 0 };
    for await (const { span, completeMs } of this.#parts<'span'>({ is: 'span', ...subject })) {
      const before = found.span;
      found = {
        span:
          before && span
            ? { ...before, lastMinute: Math.max(before.lastMinute, span.lastMinute) }
            : (before ?? span),
        // What is held beside the file begins where that could be written no more.
        completeMs: found.completeMs || completeMs,
      };
    }
    return found;
  }

  async #counted(subject: AudienceSubject, range: ReportRange): Promise<Map<number, MinuteFigures>> {
    const counted = new Map<number, MinuteFigures>();
    for await (const { intervals } of this.#parts<'figures'>({ is: 'figures', ...subject, ...range }))
      for (const [at, figures] of intervals) {
        const before = counted.get(at);
        counted.set(at, before ? together(before, figures) : figures);
      }
    return counted;
  }

  /** What is in the file, and what is held beside it. */
  async *#parts<Is extends AudienceResult['is']>(
    query: AudienceQuery,
  ): AsyncGenerator<Extract<AudienceResult, { is: Is }>> {
    for (let part = 0; ; part++) {
      const answer = await this.#options.history.read('audience', query, part);
      if (answer === null) return;
      yield answer as Extract<AudienceResult, { is: Is }>;
    }
  }
}

function notFound(broadcast: string | null): MiroliveError {
  return new MiroliveError(
    'BROADCAST_NOT_FOUND',
    `there is no broadcast ${broadcast}, and nothing is kept of how it was watched`,
    { hint: 'What was watched in a room: mirolive report --room ROOM' },
  );
}
