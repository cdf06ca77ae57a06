import type { Output } from '../program/output.ts';
import { table } from './format.ts';

/** Gives words a colour, where there are colours. */
export type Paint = Output['paint'];

/** A table with a heading that steps back. */
export function headedTable(
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  paint: Paint,
): string[] {
  return table(
    heading.map((name) => paint('dim', name)),
    rows,
  );
}
