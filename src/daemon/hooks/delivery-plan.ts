import { type BackOffPolicy, backOffDelayMs, usualBackOff } from '../../contract/back-off.ts';

/** What is not taken for so long, in ms, is given up. */
export const keptMs = 86_400_000;
/** What is refused by itself, while others are taken, is tried less and less often: about forty times in a day. */
const patientBackOff: BackOffPolicy = { ...usualBackOff, ceilingMs: 3_600_000 };
/** So many refusals in a row, of whatever, are the receiver's own trouble. */
const refusalsInARow = 5;
/** What a receiver has not answered so often stands aside, so that what is behind it is tried. */
const triesBeforeAside = 3;
/** No receiver may ask for more than this, in ms. */
export const maxRetryAfterMs = 3_600_000;
/** An answer with one of these is about the receiver, and not about what was sent (Standard Webhooks 1.0, 'Delivery success and failure'). */
const awayStatuses: readonly number[] = [429, 502, 503, 504];

/** What came of a try. `away`: the receiver takes nothing now; `refused`: it does not take this. */
export type Outcome =
  | { readonly is: 'taken'; readonly status: number }
  | { readonly is: 'gone'; readonly status: number; readonly problem: string }
  | {
      readonly is: 'refused' | 'away';
      readonly status: number | null;
      readonly problem: string;
      /** For how long it asks to be left alone, in ms; null: it does not say. */
      readonly retryAfterMs: number | null;
    };

/** How a receiver fares. */
export interface ReceiverState {
  /** In a row. */
  readonly failures: number;
  /** Nothing is sent before, by the clock of what passes, in ms. */
  readonly notBeforeMs: number;
  /** For so long it has asked to be left alone, by that clock, in ms; 0: it has not. What it takes ends that, and nothing else makes it shorter. */
  readonly pausedUntilMs: number;
}

export const wellReceiver: ReceiverState = { failures: 0, notBeforeMs: 0, pausedUntilMs: 0 };

/** What an answer means. @param retryAfter its header (RFC 9110, section 10.2.3) */
export function outcomeOf(status: number, retryAfter: string | undefined, wallMs: number): Outcome {
  if (status >= 200 && status < 300) return { is: 'taken', status };
  if (status === 410) return { is: 'gone', status, problem: 'it answered 410: it wants no more' };
  const isRedirect = status >= 300 && status < 400;
  const problem = isRedirect
    ? `it answered ${status}: a redirect is not followed; add the webhook with the address that it leads to`
    : `it answered ${status}`;
  const is = awayStatuses.includes(status) ? 'away' : 'refused';
  return { is, status, problem, retryAfterMs: is === 'away' ? waitOf(retryAfter, wallMs) : null };
}

/** In ms; null: it says nothing that makes sense. */
function waitOf(header: string | undefined, wallMs: number): number | null {
  if (header === undefined) return null;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - wallMs;
  return Number.isNaN(ms) ? null : Math.min(maxRetryAfterMs, Math.max(0, ms));
}

/** How a receiver fares after a try. A single thing that it refuses holds up nothing else; one that is away is left alone as a whole, by the one policy of back-off. */
export function receiverAfter(
  before: ReceiverState,
  outcome: Outcome,
  nowMs: number,
  chance: number,
): ReceiverState {
  if (outcome.is === 'gone') return wellReceiver;
  // What is taken while it is to be left alone was on its way before it asked for that.
  const { pausedUntilMs: untilMs } = before;
  if (outcome.is === 'taken')
    return nowMs < untilMs ? { failures: 0, notBeforeMs: untilMs, pausedUntilMs: untilMs } : wellReceiver;
  const failures = before.failures + 1;
  const counted = outcome.is === 'away' ? failures : failures - refusalsInARow;
  const delayMs = counted > 0 ? backOffDelayMs(counted, chance) : 0;
  const askedUntilMs = outcome.retryAfterMs ? nowMs + outcome.retryAfterMs : 0;
  const pausedUntilMs = Math.max(untilMs, askedUntilMs);
  return { failures, notBeforeMs: Math.max(pausedUntilMs, nowMs + delayMs), pausedUntilMs };
}

/** Whether a receiver that has taken something was away for so long that all that stands aside should be tried now. */
export function isBack({ failures }: ReceiverState): boolean {
  return failures > refusalsInARow;
}

/**
 * In how many ms what was not taken may be tried again, as far as it is about itself.
 *
 * @param tries with the one that has just failed
 * @param failures of its receiver, with this one
 */
export function waitAfter(outcome: Outcome, tries: number, failures: number, chance: number): number {
  // Others were taken meanwhile, or the receiver says that it is about this one.
  if (outcome.is !== 'away' || failures < tries) return backOffDelayMs(tries, chance, patientBackOff);
  // Longer than its receiver is left alone, so that what is behind it is tried too.
  return tries < triesBeforeAside ? 0 : backOffDelayMs(tries + 1, chance);
}

/** How many connections a receiver may have now: one that does not take what it is sent is looked at with one. */
export function connectionsFor({ failures }: ReceiverState): number {
  return failures > 0 ? 1 : 4;
}
