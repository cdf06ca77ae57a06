import { printable } from '../../words/format.ts';
import { wrapped } from '../../words/wrapped.ts';

/** What a command has said in rows of so many columns: broken between words, and where a word alone is too long, in it. */
export function outputRows(lines: readonly string[], columns: number): string[] {
  return lines.flatMap((line) => wrapped(printable(line), columns));
}
