import { createRequire } from 'node:module';

/** Columns that a text takes on a terminal; its colours take none. */
export function textWidth(text: string): number {
  const shown = text.replace(colours, '');
  return isPlain(shown) ? shown.length : widthByUnicode()(shown);
}

/** Whether each of its characters takes a column, and is a letter: all that we say ourselves, but for colours. */
export function isPlain(text: string): boolean {
  return plain.test(text);
}

/** As much of a text as these columns hold, `…` at its end where that is not all; colours that have begun end where they did. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  if (columns > 0 && isPlain(text)) return `${text.slice(0, columns - 1)}…`;
  const words = text.replace(colours, '');
  let [cut, width] = ['', 0];
  for (const { segment } of new Intl.Segmenter().segment(words)) {
    width += textWidth(segment);
    if (width >= columns) break;
    cut += segment;
  }
  return words === text ? `${cut}…` : colouredAs(text, cut);
}

/** The beginning of a text, in its colours. */
function colouredAs(text: string, beginning: string): string {
  let left = beginning.length;
  return text
    .split(eachColour)
    .map((piece, at) => {
      // Those in between are colours.
      if (at % 2 === 1) return piece;
      if (left < 0) return '';
      const part = piece.slice(0, left);
      const isCut = part.length < piece.length;
      left = isCut ? -1 : left - part.length;
      return isCut ? `${part}…` : part;
    })
    .join('');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what colours begin with.
const colours = /\u001b\[[\d;]*m/g;
/** For `split`: what is in between is colours. */
export const eachColour = new RegExp(`(${colours.source})`);
/** One column for each character: ASCII, and what we draw with: · × – … arrows, boxes, blocks, ░ ▲ ▸ ▼ ○ ● ✓ ✗. */
const plain =
  /^[ -~\u00b7\u00d7\u2013\u2026\u2190-\u2193\u2500-\u257f\u2580-\u2588\u2591\u25b2\u25b8\u25bc\u25cb\u25cf\u2713\u2717]*$/;

let stringWidth: ((text: string) => number) | undefined;

/** Not imported: the tables of Unicode that it needs take as long to load as all the rest of a command, and few texts need them. */
function widthByUnicode(): (text: string) => number {
  stringWidth ??= createRequire(import.meta.url)('string-width').default as (text: string) => number;
  return stringWidth;
}
