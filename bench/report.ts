import type { Machine } from './machine.ts';
import type { MeasuredRow } from './row.ts';

/** What one run of the bench found; docs/benchmarks.json is one. */
export interface Report {
  /** ISO 8601. */
  readonly measuredAt: string;
  readonly machine: Machine;
  /** What the server beside is called; null: there was none. */
  readonly beside: string | null;
  readonly rows: readonly MeasuredRow[];
}

/** A report as JSON that is read by people too: a row a line, figures no more exact than they are. */
export function reportJson({ rows, ...head }: Report): string {
  const exact = (_: string, value: unknown) =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(5)) : value;
  const lines = rows.map((row) => JSON.stringify(row, exact)).join(',\n');
  return `{${JSON.stringify(head).slice(1, -1)},"rows":[\n${lines}\n]}`;
}
