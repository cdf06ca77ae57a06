import { clock } from '../../../contract/media-time.ts';

/** What ends so much before its end, in µs, was broken off: tracks are rarely so unequal, and lists count in whole seconds. */
const shortUs = 2_000_000;
/** To come to a place that nothing can be begun at, so much is read and dropped, in µs: most servers give it in a minute. */
const mostPassedUs = 600_000_000;
/** What is read to be dropped comes so much faster than it is played, at least. */
export const passingSpeed = 8;

/** An ffmpeg that ended without a complaint. */
export interface FinishedRun {
  /** Where it was to begin, in µs. */
  readonly fromUs: number;
  /** It has read its way there from the beginning. */
  readonly passes: boolean;
  /** Whether it gave anything. */
  readonly gave: boolean;
  /** How far the source was read in all, in µs; undefined: nothing came. */
  readonly readToUs: number | undefined;
  /** Where it should end, in µs; null: not known. */
  readonly endUs: number | null;
  /** What could not be had just now; null: nothing that is known. */
  readonly refusal: string | null;
  /** It ended there before, and came no further since. */
  readonly again: boolean;
  /** It is a file of this machine: where nothing more comes of a place that it was read up to, nothing is there. */
  readonly isLocal: boolean;
}

/** What it came to. */
export type RunOutcome =
  /** Nothing more will come; `short`: although it should, in words; null: that was all. */
  | { readonly is: 'over'; readonly short: string | null }
  /** Something is to come: it is begun anew. */
  | { readonly is: 'failed'; readonly message: string }
  /** It seems that it cannot be begun in its midst. */
  | { readonly is: 'unsought' };

/** Servers that are away, files that were cut, and places that cannot be sought end without a complaint too. Pure. */
export function outcomeOf(run: FinishedRun): RunOutcome {
  const { fromUs, passes, gave, readToUs, endUs, refusal, again, isLocal } = run;
  const reachedUs = readToUs ?? fromUs;
  const missingUs = (endUs ?? Number.POSITIVE_INFINITY) - reachedUs;
  const isShort = missingUs > shortUs;
  if (endUs !== null && isShort && refusal !== null) return { is: 'failed', message: refusal };
  const wasSought = fromUs > 0 && !passes;
  // Where it broke off, viewers would wait longer for what is missing than that is long.
  const isWorthIt = !isLocal && mayPass(fromUs) && missingUs > fromUs / passingSpeed;
  if (wasSought && !gave && isShort && (!again || isWorthIt)) return { is: 'unsought' };
  if (endUs === null && refusal !== null && !again) return { is: 'failed', message: refusal };
  if (endUs === null) return { is: 'over', short: refusal };
  if (!isShort || readToUs === undefined) return { is: 'over', short: null };
  const short = `it ended at ${clock(reachedUs / 1000)} of ${clock(endUs / 1000)}`;
  return again ? { is: 'over', short } : { is: 'failed', message: short };
}

/** Whether a place may be come to by reading all that is before it. */
export function mayPass(fromUs: number): boolean {
  return fromUs <= mostPassedUs;
}

/** What is said of a place that is too far for that. */
export function unsought(fromUs: number): string {
  return `nothing comes from ${clock(fromUs / 1000)} on: nothing can be sought in it, and that is too far to read up to`;
}
