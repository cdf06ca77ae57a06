/** One line of the table. */
export interface Row {
  readonly name: string;
  readonly unit: 'ms' | '%' | 'MB' | '×';
  /** The figure that stands for all of `values`, by `statistic`; null where it was not measured. */
  readonly value: number | null;
  readonly statistic: 'median' | 'p95' | 'ratio of medians';
  /** Every figure that was measured, in order. */
  readonly values: readonly number[];
  /** What `value` is expected to stay under or at; null: there is no such expectation. */
  readonly atMost: number | null;
  readonly note?: string;
  /** What the load tool printed, run by run. */
  readonly loads?: readonly unknown[];
}

interface Facts {
  readonly name: string;
  readonly unit: Row['unit'];
  readonly values: readonly number[];
  readonly statistic?: 'median' | 'p95';
  readonly atMost?: number | null;
  readonly note?: string;
  readonly loads?: readonly unknown[];
}

/** A row of one statistic of what was measured; the median where nothing else is asked for. */
export function row({ statistic = 'median', atMost = null, ...facts }: Facts): Row {
  return { ...facts, statistic, atMost, value: quantile(facts.values, statistic === 'median' ? 0.5 : 0.95) };
}

/** The value that a share of the values (0 to 1) does not exceed; between two neighbours it is interpolated. */
export function quantile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('expected at least one value');
  const sorted = values.toSorted((a, b) => a - b);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] as number;
  const high = sorted[Math.ceil(at)] as number;
  return low + (high - low) * (at - Math.floor(at));
}

/** The rows as a table for people. */
export function table(rows: readonly Row[]): string {
  const cells = rows.map((entry) => [
    entry.name,
    entry.value === null ? '–' : `${rounded(entry.value)} ${entry.unit}`,
    entry.statistic,
    `${entry.values.length}`,
    expectation(entry),
    entry.note ?? '',
  ]);
  return aligned([['what', 'figure', 'statistic', 'runs', 'expected', ''], ...cells]);
}

/** Lines of cells as columns for people. */
export function aligned(lines: readonly (readonly string[])[]): string {
  const widths =
    lines[0]?.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0))) ?? [];
  return lines
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function expectation({ value, atMost, unit }: Row): string {
  if (atMost === null) return '';
  const kept = value === null ? ' ' : value <= atMost ? '✓' : '✗';
  return `${kept} at most ${atMost} ${unit}`;
}

function rounded(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
