import type { Suffering } from '../../contract/models.ts';
import { type Known, type LikelyCause, likelyCause } from './likely-cause.ts';

/** A picture that stood still counts for so long, in ms (`frozen-window.ts`): what it stood still for then may be over. */
const countsMs = 60_000;

/** Why viewers of a room have it bad, with what is to be remembered of that. */
export interface LastingCause extends LikelyCause {
  readonly most: Suffering;
  /** When most of those who had it bad lost packets; null: they have not. */
  readonly lossAtMs: number | null;
}

/** What is the likelier cause now: pictures that stood still while packets were lost stood still for that, also when none are lost any more. Pure. */
export function causeAfter(before: LastingCause | null, known: Known, nowMs: number): LastingCause {
  const { most } = known;
  const lossAtMs = most === 'loss' ? nowMs : (before?.lossAtMs ?? null);
  if (before && most === 'frozen' && lossAtMs !== null && nowMs - lossAtMs < countsMs)
    return { ...before, most };
  return { ...likelyCause(known), most, lossAtMs };
}
