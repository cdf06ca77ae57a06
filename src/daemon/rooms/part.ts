import { backOffDelayMs, usualBackOff } from '../../contract/back-off.ts';

/** Something that a room needs and that may be lost: how it is, and how often it failed in a row. */
export type Part =
  | { readonly is: 'gone'; readonly failures: number; readonly notBeforeMs: number }
  | { readonly is: 'opening'; readonly failures: number; readonly ticket: number; readonly untilMs: number }
  | { readonly is: 'open'; readonly failures: number; readonly ticket: number; readonly sinceMs: number };

/** Not there yet, and may be opened at once. */
export const newPart: Part = { is: 'gone', failures: 0, notBeforeMs: Number.NEGATIVE_INFINITY };

/** What takes longer to open, in ms, will not be open any more: a source that is looked at has its own, shorter limits. */
export const openingLimitMs = 60_000;

export function opening(part: Part, ticket: number, nowMs: number): Part {
  return { is: 'opening', failures: part.failures, ticket, untilMs: nowMs + openingLimitMs };
}

/** It is being opened with this ticket. */
export function isOpening(part: Part | undefined, ticket: number): boolean {
  return part?.is === 'opening' && part.ticket === ticket;
}

/** What was opened with this ticket is there; what another one asked for changes nothing. */
export function opened(part: Part, ticket: number, nowMs: number): Part {
  const { failures } = part;
  return part.is === 'opening' && part.ticket === ticket
    ? { is: 'open', failures, ticket, sinceMs: nowMs }
    : part;
}

/**
 * It is gone, or could not be opened: it is tried again after a while. What another ticket asked for changes nothing.
 *
 * @param chance from 0 to below 1
 */
export function lost(part: Part, ticket: number, nowMs: number, chance: number): Part {
  if (part.is === 'gone' || part.ticket !== ticket) return part;
  const before = failuresIn(part, nowMs);
  return { is: 'gone', failures: before + 1, notBeforeMs: nowMs + backOffDelayMs(before, chance) };
}

/** It is not its own fault that it is gone: it is opened again at once, and its failures are remembered. */
export function withdrawn(part: Part, nowMs: number): Part {
  return { is: 'gone', failures: failuresIn(part, nowMs), notBeforeMs: Number.NEGATIVE_INFINITY };
}

/** How often it failed in a row: what has held for long has not. */
function failuresIn(part: Part, nowMs: number): number {
  const held = part.is === 'open' && nowMs - part.sinceMs >= usualBackOff.heldMs;
  return held ? 0 : part.failures;
}

/** What it lacked is there again, or a person wants it: it is tried now. */
export function hurried(part: Part): Part {
  return part.is === 'gone' ? { ...part, notBeforeMs: Number.NEGATIVE_INFINITY } : part;
}
