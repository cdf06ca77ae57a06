import { printable, wrapped } from '../../words/format.ts';
import { textWidth } from '../../words/text-width.ts';

/** What a command has said in rows of so many columns: broken between words, and where a word alone is too long, in it. */
export function outputRows(lines: readonly string[], columns: number): string[] {
  return lines.flatMap((line) => wrapped(printable(line), columns).flatMap((row) => broken(row, columns)));
}

function broken(row: string, columns: number): string[] {
  if (textWidth(row) <= columns) return [row];
  const pieces: string[] = [];
  let [piece, width] = ['', 0];
  for (const { segment } of new Intl.Segmenter().segment(row)) {
    const more = textWidth(segment);
    if (width + more > columns) {
      pieces.push(piece);
      [piece, width] = ['', 0];
    }
    piece += segment;
    width += more;
  }
  return [...pieces, piece];
}
