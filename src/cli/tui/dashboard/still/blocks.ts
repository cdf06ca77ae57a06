import type { Line, Span } from '../line.ts';
import type { Theme } from '../theme.ts';
import { type Pixels, scaled, sizeWithin } from './pixels.ts';

/** From dark to bright, for who has no colours. */
const ramp = ' .:-=+*#%@';

/** A picture of characters: two pixels in each, one above the other; without colours its brightness alone. */
export function blocks(picture: Pixels, columns: number, rows: number, theme: Theme): Line[] {
  const size = sizeWithin(picture, { width: columns, height: rows * 2 });
  const height = Math.max(1, Math.floor(size.height / 2));
  const hasColours = theme.colours !== 'none' && theme.unicode;
  const small = scaled(picture, size.width, hasColours ? height * 2 : height);
  return Array.from({ length: height }, (_, row) =>
    hasColours ? colouredRow(small, row) : [{ text: brightness(small, row), tint: 'plain' as const }],
  );
}

function colouredRow(picture: Pixels, row: number): Line {
  return Array.from({ length: picture.width }, (_, x): Span => {
    const colours = [colourAt(picture, x, row * 2), colourAt(picture, x, row * 2 + 1)] as const;
    return { text: '▀', tint: 'rgb', colours };
  });
}

function colourAt({ width, rgb }: Pixels, x: number, y: number): number {
  const at = (y * width + x) * 3;
  return ((rgb[at] ?? 0) << 16) | ((rgb[at + 1] ?? 0) << 8) | (rgb[at + 2] ?? 0);
}

/** Brightness as ITU-R BT.601 weighs colours. */
function brightness({ width, rgb }: Pixels, y: number): string {
  return Array.from({ length: width }, (_, x) => {
    const at = (y * width + x) * 3;
    const luma = (0.299 * (rgb[at] ?? 0) + 0.587 * (rgb[at + 1] ?? 0) + 0.114 * (rgb[at + 2] ?? 0)) / 256;
    return ramp[Math.floor(luma * ramp.length)] ?? ' ';
  }).join('');
}
