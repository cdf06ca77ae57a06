/** What a row says of one server. */
export interface Figure {
  /** The figure that stands for all of `values`, by the row's statistic; null where it was not measured. */
  readonly value: number | null;
  /** Every figure that was measured, in order. */
  readonly values: readonly number[];
  readonly note?: string;
  /** What the load tool printed, run by run. */
  readonly loads?: readonly unknown[];
}

/** One line of the table. */
export interface Row extends Figure {
  readonly name: string;
  readonly unit: 'ms' | '%' | 'MB' | '×' | 's';
  readonly statistic: 'median' | 'p95' | 'ratio of medians';
  /** What `value` is expected to stay under or at; null: there is no such expectation. */
  readonly atMost: number | null;
  /** The same of the server beside; absent: there is none, or it cannot be asked this. */
  readonly beside?: Figure;
}

/** A row, and under which circumstances it was measured. */
export interface MeasuredRow extends Row {
  /** The name on the command line of the measurement that it belongs to. */
  readonly of: string;
  readonly load: Load;
}

/** How busy the machine was, in % of all its cores. */
export interface Load {
  /** By others, right before the measurement. */
  readonly before: number;
  /** By all, the measurement's own browsers and encoders too. */
  readonly during: number;
}

interface Facts {
  readonly name: string;
  readonly unit: Row['unit'];
  readonly values: readonly number[];
  readonly statistic?: 'median' | 'p95';
  readonly atMost?: number | null;
  readonly note?: string;
  readonly loads?: readonly unknown[];
  /** The same of the server beside; undefined: there is none. */
  readonly beside?: Omit<Figure, 'value'> | undefined;
}

/** A row of one statistic of what was measured; the median where nothing else is asked for. */
export function row({ statistic = 'median', atMost = null, beside, ...facts }: Facts): Row {
  const of = (values: readonly number[]) =>
    values.length === 0 ? null : quantile(values, statistic === 'median' ? 0.5 : 0.95);
  const other = beside && { beside: { ...beside, value: of(beside.values) } };
  return { ...facts, ...other, statistic, atMost, value: of(facts.values) };
}

/** How many times as much ours is as another's, in runs that were made in turns; undefined: one of the other's that failed. */
export function ratioOfMedians({
  ours,
  other,
  ...facts
}: Pick<Row, 'name' | 'atMost'> & {
  readonly ours: readonly number[];
  readonly other: readonly (number | undefined)[];
}): Row {
  const pairs = ours.flatMap((own, run) => {
    const its = other[run];
    return its === undefined ? [] : [{ own, its }];
  });
  const [owns, others] = [pairs.map(({ own }) => own), pairs.map(({ its }) => its)];
  const value = pairs.length === 0 ? null : quantile(owns, 0.5) / quantile(others, 0.5);
  const values = pairs.map(({ own, its }) => own / its);
  return { ...facts, unit: '×', statistic: 'ratio of medians', values, value };
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

/** The rows as a table for people; with a column for the server beside where one was measured. */
export function table(rows: readonly MeasuredRow[]): string {
  const compared = rows.some(({ beside }) => beside !== undefined);
  const cells = rows.map((entry) => [
    entry.name,
    figure(entry, entry.unit),
    ...(compared ? [entry.beside ? figure(entry.beside, entry.unit) : ''] : []),
    entry.statistic,
    `${entry.values.length}`,
    spread(entry),
    busy(entry.load),
    expectation(entry),
    entry.note ?? '',
  ]);
  const head = [
    'what',
    'figure',
    ...(compared ? ['beside'] : []),
    'statistic',
    'runs',
    'spread',
    'machine busy',
    targetHead,
    '',
  ];
  return [aligned([head, ...cells]), '', ...tableNotes].join('\n');
}

/** What stands above what a row is expected to be: it is not a judgement of the machine that it is measured on. */
export const targetHead = 'project’s target';

const tableNotes = [
  'Spread: the least and the most of all runs. Machine busy, of all its cores: by others right before / by all during the measurement.',
  'Targets are for the machine of docs/benchmarks.md: ✗ says that this one, as busy as it was, did not meet them.',
];

function spread({ values, unit }: Row): string {
  return values.length < 2 ? '' : `${rounded(Math.min(...values))}–${rounded(Math.max(...values))} ${unit}`;
}

/** How busy the machine was before and meanwhile: `0 / 66 %`. */
export function busy({ before, during }: Load): string {
  return `${before.toFixed(0)} / ${during.toFixed(0)} %`;
}

/** A figure with its unit, no more exact than it is. */
export function figure({ value }: Figure, unit: Row['unit']): string {
  return value === null ? '–' : `${rounded(value)} ${unit}`;
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

/** Whether a row is as expected; null where nothing is expected, or nothing was measured. */
export function isKept({ value, atMost }: Row): boolean | null {
  return value === null || atMost === null ? null : value <= atMost;
}

function expectation(entry: Row): string {
  if (entry.atMost === null) return '';
  const kept = isKept(entry);
  return `${kept === null ? ' ' : kept ? '✓' : '✗'} at most ${entry.atMost} ${entry.unit}`;
}

function rounded(value: number): string {
  return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
