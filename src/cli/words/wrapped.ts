import { eachColour, isPlain, textWidth } from './text-width.ts';

/** What becomes of a word that is wider than a row: it goes on at the beginning of the next one, or the terminal breaks it, to be copied. */
type LongWords = 'broken' | 'whole';

/**
 * A line in rows that are no wider than `columns`, broken between words; those that follow stand further in. Each word is taken once,
 * from the first to the last: it ends whatever comes, and takes as long as the line is.
 */
export function wrapped(line: string, columns: number, longWords: LongWords = 'broken'): string[] {
  if (textWidth(line) <= columns) return [line];
  const widthOf = isPlain(line) ? (text: string) => text.length : textWidth;
  const [indent = ''] = /^ */.exec(line) ?? [];
  const further = ' '.repeat(Math.min(indent.length + 4, Math.floor(columns / 3)));
  const rows: string[] = [];
  let row = indent.slice(0, further.length);
  let [width, isBegun] = [row.length, false];
  for (const [, blanks = '', word = ''] of line.slice(row.length).matchAll(/( *)([^ ]+)/gy)) {
    const wide = widthOf(word);
    if (width + blanks.length + wide <= columns) {
      row += blanks + word;
      width += blanks.length + wide;
    } else {
      if (isBegun) rows.push(row);
      const start = isBegun ? further : row;
      const pieces = longWords === 'whole' ? [start + word] : pieced(start, word, columns);
      row = pieces.pop() ?? '';
      width = widthOf(row);
      for (const piece of pieces) rows.push(piece);
    }
    isBegun = true;
  }
  return [...rows, row];
}

const segmenter = new Intl.Segmenter();

function* lettersOf(text: string): Iterable<string> {
  if (isPlain(text)) yield* text;
  else for (const { segment } of segmenter.segment(text)) yield segment;
}

/** A word in rows, the first of which begins with `start`: a letter at least in each. Colours go with what is before them. */
function pieced(start: string, word: string, columns: number): string[] {
  const rows: string[] = [];
  let [row, width] = [start, start.length];
  for (const [at, part] of word.split(eachColour).entries()) {
    // Those in between are colours.
    if (at % 2 === 1) row += part;
    else
      for (const letter of lettersOf(part)) {
        const wide = textWidth(letter);
        if (width + wide > columns && row.trim() !== '') {
          rows.push(row);
          [row, width] = ['', 0];
        }
        row += letter;
        width += wide;
      }
  }
  return [...rows, row];
}
