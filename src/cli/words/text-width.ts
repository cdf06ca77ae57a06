import { createRequire } from 'node:module';

/** Columns that a text takes on a terminal; its colours take none. */
export function textWidth(text: string): number {
  const shown = text.replace(colours, '');
  return plain.test(shown) ? shown.length : widthByUnicode()(shown);
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
