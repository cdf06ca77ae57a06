import { count, printable } from '../../words/format.ts';
import { wrapped } from '../../words/wrapped.ts';

/** Of a line of a command no more is shown, in characters: it would fill hundreds of screens. */
const longestLine = 10_000;
/** More of a command's lines are not kept, nor more rows. */
const most = 5000;

/** What a command has said: its lines, and these in rows of the screen, folded once for each size of it. */
export interface Said {
  readonly lines: readonly string[];
  readonly rows: readonly string[];
}

/** Of a command that has said nothing yet. */
export const nothingSaid: Said = { lines: [], rows: [] };

/** With what it has said now. */
export function saidMore({ lines, rows }: Said, text: string, columns: number): Said {
  const more = text.split('\n').slice(-most).map(bounded);
  return {
    lines: lines.concat(more).slice(-most),
    rows: rows.concat(outputRows(more, columns)).slice(-most),
  };
}

/** On a screen of another width. */
export function saidAnew({ lines }: Said, columns: number): Said {
  return { lines, rows: outputRows(lines, columns).slice(-most) };
}

/** What is said in rows of so many columns: broken between words, and where a word alone is too long, in it. */
export function outputRows(lines: readonly string[], columns: number): string[] {
  return lines.flatMap((line) => wrapped(printable(line), columns));
}

function bounded(line: string): string {
  const left = line.length - longestLine;
  if (left <= 0) return line;
  return `${line.slice(0, longestLine).toWellFormed()} … and ${count(left, 'character')} more: outside of the dashboard the line is whole`;
}
