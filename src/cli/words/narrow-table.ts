import { type Paint, table } from './format.ts';
import { textWidth } from './text-width.ts';

/** Between two columns, as `table` has it. */
const gap = 2;

/** A column of a table that a narrow terminal may have no place for. */
export interface NarrowColumn<T> {
  readonly heading: string;
  readonly cell: (row: T) => string;
  /** Those with the least go first; without: it stays. */
  readonly worth?: number;
}

/** A table in no more than `width` columns of a terminal: what is worth least is left out whole, nothing is cut. */
export function narrowTable<T>(
  columns: readonly NarrowColumn<T>[],
  rows: readonly T[],
  width: number,
  paint: Paint,
): string[] {
  const all = columns.map(({ heading, cell, worth = Number.POSITIVE_INFINITY }) => {
    const cells = rows.map(cell);
    return { heading, cells, worth, width: Math.max(...[heading, ...cells].map(textWidth)) };
  });
  const left = new Set(all);
  const wide = () => [...left].reduce((sum, one) => sum + one.width + gap, -gap);
  for (const one of all.toSorted((a, b) => a.worth - b.worth)) {
    if (wide() <= width || one.worth === Number.POSITIVE_INFINITY) break;
    left.delete(one);
  }
  const shown = [...left];
  return table(
    shown.map(({ heading }) => heading),
    rows.map((_, row) => shown.map(({ cells }) => cells[row] ?? '')),
    paint,
  );
}
