import { createRequire } from 'node:module';
import type { Still } from '../../../../contract/still.ts';
import type { Line } from '../line.ts';
import type { PictureKind } from '../terminal-kind.ts';
import type { Theme } from '../theme.ts';
import { blocks } from './blocks.ts';
import { iterm, kitty, sixel } from './escapes.ts';
import { type Pixels, scaled, sizeWithin } from './pixels.ts';

/** A still as a terminal shows it: as lines of its own, or as what is written where the cursor is. */
export type DrawnStill =
  | { readonly is: 'lines'; readonly lines: readonly Line[] }
  | { readonly is: 'escape'; readonly text: string };

/** A cell of a terminal has at least so many pixels; where it has more, the picture is smaller than it could be. */
const cell = { width: 8, height: 16 };
/** What no poster is larger than, in megapixels and MB. */
const [mostMegapixels, mostMegabytes] = [9, 64];

/** Draws a still into so many cells. @throws what is no JPEG image */
export function drawStill(
  still: Still,
  kind: PictureKind,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  theme: Theme,
): DrawnStill {
  const image = Buffer.from(still.data, 'base64');
  if (kind === 'iterm') return { is: 'escape', text: iterm(image, columns, rows) };
  const picture = decoded(image);
  if (kind === 'blocks') return { is: 'lines', lines: blocks(picture, columns, rows, theme) };
  const size = sizeWithin(picture, { width: columns * cell.width, height: rows * cell.height });
  const small = scaled(picture, size.width, size.height);
  if (kind === 'sixel') return { is: 'escape', text: sixel(small) };
  return {
    is: 'escape',
    text: kitty(small, Math.ceil(size.width / cell.width), Math.ceil(size.height / cell.height)),
  };
}

/** Not imported: no other command needs it. */
function decoded(image: Buffer): Pixels {
  const { decode } = createRequire(import.meta.url)('jpeg-js') as typeof import('jpeg-js');
  const { width, height, data } = decode(image, {
    ...{ useTArray: true, formatAsRGBA: false },
    ...{ maxResolutionInMP: mostMegapixels, maxMemoryUsageInMB: mostMegabytes },
  });
  return { width, height, rgb: data };
}
