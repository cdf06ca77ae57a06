import { fitted, fittedRight, type Line, lineWidth, span } from './line.ts';

/** A column of a list. */
export interface Column<Row> {
  readonly heading: string;
  readonly cell: (row: Row) => Line;
  /** Figures stand at the right end. */
  readonly right?: boolean;
  /** It gives way to no less than this; default: it does not. */
  readonly least?: number;
  /** Narrower screens leave it out. */
  readonly from?: number;
}

/** Two columns of space between columns. */
const gap = 2;
/** In front of each row: the mark of the one that is chosen. */
const mark = 2;

/** The rows of a list that fit, the chosen one among them, below a heading. */
export function grid<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { width, height, chosen }: { readonly width: number; readonly height: number; readonly chosen: number },
): Line[] {
  const shown = columns.filter(({ from = 0 }) => width >= from);
  const space = Math.max(0, height - 1);
  const first = firstShown(rows.length, space, chosen);
  const cells = rows.slice(first, first + space).map((row) => shown.map(({ cell }) => cell(row)));
  const widths = widthsOf(shown, cells, width - mark);
  const heading = shown.map(({ heading }) => [span(heading, 'dim')]);
  return [
    [span(' '.repeat(mark)), ...joined(shown, heading, widths)],
    ...cells.map((row, at): Line => {
      const line = joined(shown, row, widths);
      if (first + at !== chosen) return [span(' '.repeat(mark)), ...line];
      const text = [span('▸ '), ...line].map(({ text }) => text).join('');
      return fitted([span(text, 'chosen')], width).map((piece) => ({ ...piece, tint: 'chosen' as const }));
    }),
  ];
}

/** Where a list begins so that what is chosen is seen, in its middle where it can be. */
export function firstShown(count: number, space: number, chosen: number): number {
  const middle = chosen - Math.floor(space / 2);
  return Math.max(0, Math.min(middle, count - space));
}

function joined<Row>(
  columns: readonly Column<Row>[],
  cells: readonly Line[],
  widths: readonly number[],
): Line {
  return columns.flatMap(({ right }, at) => [
    ...(at === 0 ? [] : [span(' '.repeat(gap))]),
    ...(right ? fittedRight : fitted)(cells[at] ?? [], widths[at] ?? 0),
  ]);
}

/** As wide as what they hold; what is too much, those that can give way give, the last of them first. */
function widthsOf<Row>(columns: readonly Column<Row>[], cells: readonly (readonly Line[])[], space: number) {
  const widths = columns.map(({ heading }, at) =>
    Math.max(heading.length, ...cells.map((row) => lineWidth(row[at] ?? []))),
  );
  let over = widths.reduce((sum, width) => sum + width + gap, -gap) - space;
  for (let at = columns.length - 1; at >= 0; at--) {
    const width = widths[at] ?? 0;
    const given = Math.max(0, Math.min(over, width - (columns[at]?.least ?? width)));
    widths[at] = width - given;
    over -= given;
  }
  return widths;
}
