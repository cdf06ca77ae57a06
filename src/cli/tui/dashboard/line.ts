import { printable } from '../../words/format.ts';
import { cutToWidth, textWidth } from '../../words/text-width.ts';

/** What a piece of text means; a theme says how that looks. */
export type Tint = 'plain' | 'strong' | 'dim' | 'good' | 'warn' | 'bad' | 'accent' | 'chosen' | 'rgb';

/** A piece of text that looks the same from its first cell to its last. */
export interface Span {
  readonly text: string;
  readonly tint: Tint;
  /** With `rgb`: its own colours, of the letters and of the ground, as 0xRRGGBB. */
  readonly colours?: readonly [number, number];
}

/** One line of the screen. */
export type Line = readonly Span[];

/** A span of our own words. */
export function span(text: string, tint: Tint = 'plain'): Span {
  return { text, tint };
}

/** A span of words from outside: what would move the cursor is shown, not obeyed. */
export function outside(text: string, tint: Tint = 'plain'): Span {
  return { text: printable(text), tint };
}

/** Columns that a line takes. */
export function lineWidth(line: Line): number {
  return line.reduce((sum, { text }) => sum + textWidth(text), 0);
}

/** A line of exactly so many columns: cut with `…`, or filled up behind it. */
export function fitted(line: Line, columns: number): Line {
  const cut = cutLine(line, columns);
  const left = columns - lineWidth(cut);
  return left > 0 ? [...cut, span(' '.repeat(left))] : cut;
}

/** The same with what is missing in front of it: for figures. */
export function fittedRight(line: Line, columns: number): Line {
  const cut = cutLine(line, columns);
  const left = columns - lineWidth(cut);
  return left > 0 ? [span(' '.repeat(left)), ...cut] : cut;
}

/** Two lines in one, the second at the right end; the first gives way. */
export function ends(left: Line, right: Line, columns: number): Line {
  const tail = cutLine(right, columns);
  const room = columns - lineWidth(tail);
  return [...fitted(left, Math.max(0, room)), ...tail];
}

/** Lines in so many rows: cut, or filled up with empty ones. */
export function inRows(lines: readonly Line[], rows: number): readonly Line[] {
  const some = lines.slice(0, Math.max(0, rows));
  return [...some, ...Array.from({ length: Math.max(0, rows - some.length) }, (): Line => [])];
}

/** Blocks beside each other, each in its own columns, one free column between them. */
export function beside(
  blocks: readonly { readonly lines: readonly Line[]; readonly columns: number }[],
): Line[] {
  const rows = Math.max(0, ...blocks.map(({ lines }) => lines.length));
  return Array.from({ length: rows }, (_, row) =>
    blocks.flatMap(({ lines, columns }, at) => [
      ...(at === 0 ? [] : [span(' ')]),
      ...fitted(lines[row] ?? [], columns),
    ]),
  );
}

function cutLine(line: Line, columns: number): Line {
  if (lineWidth(line) <= columns) return line;
  const cut: Span[] = [];
  let room = columns;
  for (const piece of line) {
    const width = textWidth(piece.text);
    if (width > room || (width === room && piece !== line.at(-1))) {
      // What is left out is told, by the last column that there is.
      if (room > 0) cut.push({ ...piece, text: shortened(piece.text, room) });
      break;
    }
    cut.push(piece);
    room -= width;
  }
  return cut;
}

function shortened(text: string, columns: number): string {
  return textWidth(text) < columns ? `${text}…` : cutToWidth(`${text}  `, columns);
}
