/** Values of intervals as so many columns of a picture: each has what is told of those that are in it. Fewer stay as they are. Pure. */
export function resampled<T, R>(values: readonly T[], columns: number, told: (some: readonly T[]) => R): R[] {
  const count = Math.min(values.length, Math.max(1, Math.floor(columns)));
  return Array.from({ length: count }, (_, at) =>
    told(
      values.slice(Math.floor((at * values.length) / count), Math.floor(((at + 1) * values.length) / count)),
    ),
  );
}

/** The most of those that are known; null: none is. */
export function most(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.max(...known);
}

/** The least of those that are known; null: none is. */
export function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}
