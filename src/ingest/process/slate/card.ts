import type { Card } from '../../../contract/card-words.ts';
import { type CardLine, cardLayout } from './card-layout.ts';
import { filterText } from './filter-text.ts';

/** The ground of cards, and of pictures that do not fill the frame: dark, but not black, so that nobody takes it for a failure. */
export const ground = '0x0d111b';
const colors = { title: '0xf3f5fa', text: '0xa3adc0' } as const;
const accent = '0x6ea8ff';

/** The filters that draw cards onto their ground, each onto one picture: title, a short bar, text. */
export function cardFilters(
  cards: readonly Card[],
  size: { readonly width: number; readonly height: number },
): string {
  const bar = { width: Math.round(size.width * 0.05), height: Math.max(2, Math.round(size.height / 180)) };
  const pictures = new Map<string, number[]>();
  for (const [index, { title, text }] of cards.entries())
    for (const line of cardLayout(title, text, size).map(lineFilter))
      pictures.set(line, [...(pictures.get(line) ?? []), index]);
  return [
    // A filter takes its time to begin: what stands on all of them is drawn by one.
    ...[...pictures].map(([line, on]) =>
      on.length === cards.length ? line : `${line}:enable=${onPictures(on)}`,
    ),
    `drawbox=x=${Math.round((size.width - bar.width) / 2)}:y=${Math.round(size.height / 2)}:w=${bar.width}:h=${bar.height}:color=${accent}:t=fill`,
  ].join(',');
}

function onPictures(numbers: readonly number[]): string {
  return filterText(numbers.map((number) => `eq(n,${number})`).join('+'));
}

function lineFilter({ text, fontSize, role, baseline }: CardLine): string {
  const options = {
    // Where it is missing, fontconfig gives another.
    font: 'DejaVu Sans',
    text,
    // Its own language would run commands in the text.
    expansion: 'none',
    fontsize: `${fontSize}`,
    fontcolor: colors[role],
    x: '(w-text_w)/2',
    // Letters stand on one line, whatever parts of them reach above it.
    y: `${baseline}-ascent`,
  };
  return `drawtext=${Object.entries(options)
    .map(([name, value]) => `${name}=${filterText(value)}`)
    .join(':')}`;
}
