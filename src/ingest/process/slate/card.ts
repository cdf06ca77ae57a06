import { type CardLine, cardLayout } from './card-layout.ts';
import { filterText } from './filter-text.ts';

/** The ground of cards, and of pictures that do not fill the frame: dark, but not black, so that nobody takes it for a failure. */
export const ground = '0x0d111b';
const colors = { title: '0xf3f5fa', text: '0xa3adc0' } as const;
const accent = '0x6ea8ff';

export interface Card {
  /** Such as the room's name. */
  readonly title: string;
  /** Such as 'We will be right back'. */
  readonly text: string;
}

/** The filters that draw a card onto its ground: title, a short bar, text. */
export function cardFilters(card: Card, size: { readonly width: number; readonly height: number }): string {
  const bar = { width: Math.round(size.width * 0.05), height: Math.max(2, Math.round(size.height / 180)) };
  return [
    ...cardLayout(card.title, card.text, size).map(lineFilter),
    `drawbox=x=${Math.round((size.width - bar.width) / 2)}:y=${Math.round(size.height / 2)}:w=${bar.width}:h=${bar.height}:color=${accent}:t=fill`,
  ].join(',');
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
