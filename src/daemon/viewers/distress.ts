/** How many of a room's viewers suffer. */
export interface Counted {
  readonly viewers: number;
  readonly suffering: number;
  /** The same of the network in which it is most of its viewers. */
  readonly network: { readonly viewers: number; readonly suffering: number } | null;
}

/** So many, and such a share of them, are no matter of single lines. */
const [least, leastShare] = [3, 0.1];
/** Or half of one network, if these are so many. */
const [leastOfNetwork, leastShareOfNetwork] = [5, 0.5];
/** It is over where it is half of that. */
const easedFactor = 0.5;
/** For how long it is so, in ms, before it is told: what is lost comes in lumps. */
const holdMs = 10_000;
/** And for how long it is over. */
const easeMs = 20_000;
/** After it was told to be over it is not told again for so long, in ms. */
const quietMs = 60_000;

/** Whether many viewers of a room suffer, and since when. */
export type Distress =
  /** `notBeforeMs`: it is not told before that moment. */
  | { readonly kind: 'well'; readonly notBeforeMs: number }
  /** Many do, not for long yet. */
  | { readonly kind: 'worsening'; readonly notBeforeMs: number; readonly sinceMs: number }
  /** It was told; `easedMs`: since when few do, null: many do. */
  | { readonly kind: 'told'; readonly sinceMs: number; readonly easedMs: number | null };

/** Nobody has complained. */
export const noDistress: Distress = { kind: 'well', notBeforeMs: Number.NEGATIVE_INFINITY };

/** What follows from a count of a room's viewers; to be told is what comes to be `told`, and what ceases to be. Pure. */
export function distressAfter(before: Distress, counted: Counted, nowMs: number): Distress {
  switch (before.kind) {
    case 'well':
      return isMany(counted, 1) ? { ...before, kind: 'worsening', sinceMs: nowMs } : before;
    case 'worsening': {
      const { sinceMs, notBeforeMs } = before;
      if (!isMany(counted, 1)) return { kind: 'well', notBeforeMs };
      const isDue = nowMs - sinceMs >= holdMs && nowMs >= notBeforeMs;
      return isDue ? { kind: 'told', sinceMs, easedMs: null } : before;
    }
    case 'told': {
      if (isMany(counted, easedFactor))
        return before.easedMs === null ? before : { ...before, easedMs: null };
      const easedMs = before.easedMs ?? nowMs;
      return nowMs - easedMs >= easeMs
        ? { kind: 'well', notBeforeMs: nowMs + quietMs }
        : { ...before, easedMs };
    }
  }
}

function isMany({ viewers, suffering, network }: Counted, factor: number): boolean {
  const isSo = (few: number, all: number, count: number, share: number) =>
    few >= count * factor && few >= all * share * factor;
  if (isSo(suffering, viewers, least, leastShare)) return true;
  return network !== null && isSo(network.suffering, network.viewers, leastOfNetwork, leastShareOfNetwork);
}
