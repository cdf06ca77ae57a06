/** Width and height in pixels. */
interface Size {
  readonly width: number;
  readonly height: number;
}

/** One line of text in the middle of the picture. */
export interface CardLine {
  readonly text: string;
  /** In pixels. */
  readonly fontSize: number;
  readonly role: 'title' | 'text';
  /** Where its letters stand, in pixels from above. */
  readonly baseline: number;
}

/** Room for text, as a part of the width. */
const usableWidth = 0.84;
/** How tall letters are at most, as a part of the height. */
const titleHeight = 0.125;
const textHeight = 0.05;
/** A line that would need letters smaller than this part of those goes on in the next. */
const smallest = 0.6;
const maxTitleLines = 2;
const maxTextLines = 6;
/** Distance of two lines, as a part of the font's size. */
const lineHeight = 1.3;
/** Mean widths of letters in DejaVu Sans, as parts of the font's size, a little on the safe side. */
const letterWidth = 0.62;
const wideLetterWidth = 1.02;

/** Where each line of a card stands and how large it is: the title above the middle, the text below it. */
export function cardLayout(title: string, text: string, size: Size): CardLine[] {
  const titleLines = fitted(title, titleHeight * size.height, maxTitleLines, size.width);
  const textLines = fitted(text, textHeight * size.height, maxTextLines, size.width);
  const middle = size.height / 2;
  return [
    ...titleLines.map((line, index) => ({
      ...line,
      role: 'title' as const,
      baseline: Math.round(middle - line.fontSize * (0.45 + lineHeight * (titleLines.length - 1 - index))),
    })),
    ...textLines.map((line, index) => ({
      ...line,
      role: 'text' as const,
      baseline: Math.round(middle + line.fontSize * (2.1 + lineHeight * index)),
    })),
  ];
}

function fitted(text: string, tallest: number, maxLines: number, pictureWidth: number) {
  const usable = usableWidth * pictureWidth;
  const maxWidth = usable / (tallest * smallest);
  const lines = cut(
    text.split(/\r\n|\r|\n/).flatMap((line) => wrapped(words(line), maxWidth)),
    maxLines,
  );
  const widest = Math.max(...lines.map((line) => widthOf(line)), 1);
  const fontSize = Math.floor(Math.min(tallest, usable / widest));
  return lines.map((line) => ({ text: line, fontSize }));
}

/** Lines of at most so many font sizes. */
function wrapped(parts: readonly string[], maxWidth: number): string[] {
  const lines: string[] = [];
  for (const part of parts.flatMap((word) => pieces(word, maxWidth))) {
    const longer = `${lines.at(-1) ?? ''} ${part}`.trim();
    if (lines.length > 0 && widthOf(longer) <= maxWidth) lines[lines.length - 1] = longer;
    else lines.push(part);
  }
  return lines;
}

function cut(lines: string[], maxLines: number): string[] {
  if (lines.length <= maxLines) return lines;
  return [...lines.slice(0, maxLines - 1), `${lines[maxLines - 1]} …`];
}

/** A word that is longer than a line, in parts that are not. */
function pieces(word: string, maxWidth: number): string[] {
  const found: string[] = [];
  let piece = '';
  for (const letter of word) {
    if (piece !== '' && widthOf(piece + letter) > maxWidth) {
      found.push(piece);
      piece = '';
    }
    piece += letter;
  }
  return [...found, piece];
}

function words(text: string): string[] {
  // Control characters, and marks that turn the direction of writing: a card is no place for them.
  return text
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, ' ')
    .split(/\s+/)
    .filter((word) => word !== '');
}

/** In font sizes. */
function widthOf(text: string): number {
  let width = 0;
  for (const letter of text) {
    if (/\p{Mn}/u.test(letter)) continue;
    const wide = /[MW@%\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uff00-\uff60]|\p{Extended_Pictographic}/u.test(
      letter,
    );
    width += wide ? wideLetterWidth : letterWidth;
  }
  return width;
}
