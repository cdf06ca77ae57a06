import { createRequire } from 'node:module';

/** Columns that a text takes on a terminal; its colours take none. */
export function textWidth(text: string): number {
  const shown = text.replace(colours, '');
  return plain.test(shown) ? shown.length : widthByUnicode()(shown);
}

/** As much of a text without colours as these columns hold, `…` at its end where that is not all. */
export function cutToWidth(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text;
  let cut = '';
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (textWidth(cut + segment) >= columns) break;
    cut += segment;
  }
  return `${cut}…`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what colours begin with.
const colours = /\u001b\[[\d;]*m/g;
/** One column for each character. */
const plain = /^[ -~]*$/;

let stringWidth: ((text: string) => number) | undefined;

/** Not imported: the tables of Unicode that it needs take as long to load as all the rest of a command, and few texts need them. */
function widthByUnicode(): (text: string) => number {
  stringWidth ??= createRequire(import.meta.url)('string-width').default as (text: string) => number;
  return stringWidth;
}
