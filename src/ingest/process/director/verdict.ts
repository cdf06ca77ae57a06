import { isPutAbove } from '../../../contract/entry-name.ts';
import type { Candidate } from './candidate.ts';
import { isOver } from './candidate-is.ts';

/** That a programme is over; `message` where it failed. */
export interface Verdict {
  readonly message: string | null;
}

/** What is asked of a candidate. */
type Judged = Pick<Candidate, 'name' | 'words' | 'is' | 'reason' | 'missedForMs'> & {
  readonly playlist: { readonly items: readonly unknown[]; readonly grows: boolean };
  readonly player: Pick<Candidate['player'], 'short'>;
};

/**
 * Whether nothing more is to be expected of a programme that ends with its main source; null: something is. Pure.
 *
 * @param coveredMs when something else was to be seen last than the slate that comes by itself
 * @param graceMs how long that slate is shown for its main source
 */
export function judge(
  { main, chain }: { readonly main: Judged | undefined; readonly chain: readonly Judged[] },
  coveredMs: number,
  graceMs: number,
  nowMs: number,
): Verdict | null {
  if (!main) return null;
  // What was put above it is there, or may still come.
  const comes = (one: Judged) => isPutAbove(one.name) && !isOver(one.is) && one.missedForMs(nowMs) <= graceMs;
  const { short } = main.player;
  if (isOver(main.is))
    return chain.some(comes) ? null : { message: short === null ? null : `${main.words}: ${short}` };
  // A playlist goes on to its next item instead, and an empty folder waits for files.
  const isOne = main.playlist.items.length === 1 && !main.playlist.grows;
  if (!isOne || Math.min(main.missedForMs(nowMs), nowMs - coveredMs) <= graceMs) return null;
  const forS = Math.round(graceMs / 1000);
  return { message: `nothing came of ${main.words} for ${forS} s: ${main.reason}` };
}
