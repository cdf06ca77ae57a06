import { cutToWidth, textWidth } from './text-width.ts';

/** Between two columns, as `table` has it. */
const gap = 2;

/** A column of a table that has to fit. */
export interface FittedColumn {
  readonly heading: string;
  /** It is cut to no less than this; default: not at all. */
  readonly least?: number;
}

/** Cells without colours, cut so that their table is no wider than `columns`: the last column gives way first. */
export function fitted(
  all: readonly FittedColumn[],
  rows: readonly (readonly string[])[],
  columns: number,
): string[][] {
  const widths = all.map(({ heading }, at) =>
    Math.max(textWidth(heading), ...rows.map((row) => textWidth(row[at] ?? ''))),
  );
  let over = widths.reduce((sum, width) => sum + width + gap, -gap) - columns;
  const most = all
    .map(({ least = Number.POSITIVE_INFINITY }, at) => ({ width: widths[at] ?? 0, least }))
    .toReversed()
    .map(({ width, least }) => {
      const given = Math.max(0, Math.min(over, width - least));
      over -= given;
      return width - given;
    })
    .toReversed();
  return rows.map((row) => row.map((cell, at) => cutToWidth(cell, most[at] ?? 0)));
}
