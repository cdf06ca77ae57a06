/** So many pictures may lie between the first ones of both. */
const mostApart = 400;
/** What is compared at least. */
const leastPictures = 60;

/**
 * By how many one sequence of pictures must be moved to lie on the other, found by their sizes, which no two sequences share:
 * picture `index` of `one` is picture `index + lag` of `other`. Null where they have too little in common.
 */
export function lagBetween(one: readonly number[], other: readonly number[]): number | null {
  let best: { readonly lag: number; readonly difference: number } | undefined;
  for (let lag = -mostApart; lag <= mostApart; lag++) {
    const pairs = one.flatMap((size, index) => {
      const twin = other[index + lag];
      return twin === undefined ? [] : [Math.abs(size - twin)];
    });
    if (pairs.length < leastPictures) continue;
    const difference = pairs.reduce((sum, entry) => sum + entry, 0) / pairs.length;
    if (!best || difference < best.difference) best = { lag, difference };
  }
  return best?.lag ?? null;
}
