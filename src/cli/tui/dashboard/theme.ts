import { asciiOf } from './ascii.ts';
import type { Line, Span, Tint } from './line.ts';

/** How a terminal shows things. */
export interface Theme {
  readonly colours: 'none' | '16' | 'true';
  /** Colours of our own are chosen by it; 16 colours are the terminal's, which fit its ground. */
  readonly ground: 'dark' | 'light' | 'unknown';
  /** Whether it draws more than ASCII. */
  readonly unicode: boolean;
}

type Sgr = Readonly<Record<Exclude<Tint, 'rgb'>, string>>;

// SGR parameters of ECMA-48: 1 bold, 2 faint, 7 the other way round, 3x a colour of the terminal's own.
const none: Sgr = { plain: '', strong: '1', dim: '', good: '', warn: '1', bad: '1', accent: '', chosen: '7' };
const sixteen: Sgr = {
  ...{ plain: '', strong: '1', dim: '2', good: '32', warn: '33', bad: '1;31', accent: '36', chosen: '7' },
};
const dark: Sgr = {
  ...{ plain: '', strong: '1', dim: rgb(0x8b949e), good: rgb(0x56d364), warn: rgb(0xe3b341) },
  ...{ bad: `1;${rgb(0xff7b72)}`, accent: rgb(0x79c0ff), chosen: '7' },
};
/** Each has a contrast of at least 4.5 on white, as WCAG 2.2 has it for text. */
const light: Sgr = {
  ...{ plain: '', strong: '1', dim: rgb(0x5f6368), good: rgb(0x1a7f37), warn: rgb(0x8a5a00) },
  ...{ bad: `1;${rgb(0xc5221f)}`, accent: rgb(0x0b62a0), chosen: '7' },
};

/** A line as it is written to the terminal. */
export function written(line: Line, theme: Theme): string {
  const sgr = sgrOf(theme);
  return line
    .filter(({ text }) => text !== '')
    .map((piece) => shown(piece, theme, sgr))
    .join('');
}

function shown(piece: Span, theme: Theme, sgr: Sgr): string {
  const text = theme.unicode ? isolated(piece.text) : asciiOf(piece.text);
  const code = piece.tint === 'rgb' ? ownColours(piece, theme) : sgr[piece.tint];
  return code === '' ? text : `\u001b[${code}m${text}\u001b[0m`;
}

function sgrOf({ colours, ground }: Theme): Sgr {
  if (colours === 'none') return none;
  if (colours === '16' || ground === 'unknown') return sixteen;
  return ground === 'dark' ? dark : light;
}

function ownColours({ colours = [0, 0] }: Span, theme: Theme): string {
  const [letters, ground] = colours;
  if (theme.colours === 'true') return `${rgb(letters)};${rgb(ground, 48)}`;
  if (theme.colours === '16') return `${38};5;${cube(letters)};${48};5;${cube(ground)}`;
  return '';
}

function rgb(colour: number, place = 38): string {
  return `${place};2;${colour >> 16};${(colour >> 8) & 255};${colour & 255}`;
}

/** The nearest of the 216 colours that every terminal with 256 has. */
function cube(colour: number): number {
  const [red, green, blue] = [colour >> 16, (colour >> 8) & 255, colour & 255].map((part) =>
    Math.round((part / 255) * 5),
  ) as [number, number, number];
  return 16 + 36 * red + 6 * green + blue;
}

/** Letters that are written from right to left (Hebrew, Arabic and their neighbours). */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/;

/** What is written from right to left keeps its order to itself (FSI and PDI of Unicode TR9). */
function isolated(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}
