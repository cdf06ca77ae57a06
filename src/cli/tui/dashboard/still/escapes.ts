import type { Pixels } from './pixels.ts';

/** A picture for kitty and who speaks its protocol, in so many cells (https://sw.kovidgoyal.net/kitty/graphics-protocol/). */
export function kitty({ width, height, rgb }: Pixels, columns: number, rows: number): string {
  // No piece is longer than 4,096 bytes, as the protocol has it.
  const pieces =
    Buffer.from(rgb)
      .toString('base64')
      .match(/.{1,4096}/g) ?? [];
  return pieces
    .map((piece, at) => {
      const more = at < pieces.length - 1 ? 1 : 0;
      const first = `a=T,f=24,s=${width},v=${height},c=${columns},r=${rows},q=2,`;
      return `\u001b_G${at === 0 ? first : ''}m=${more};${piece}\u001b\\`;
    })
    .join('');
}

/** What takes all pictures of kitty's protocol away. */
export const withoutKitty = '\u001b_Ga=d,q=2\u001b\\';

/** An image for iTerm2 and who speaks its protocol, as it is (https://iterm2.com/documentation-images.html). */
export function iterm(image: Uint8Array, columns: number, rows: number): string {
  const how = `inline=1;size=${image.length};width=${columns};height=${rows};preserveAspectRatio=1`;
  return `\u001b]1337;File=${how}:${Buffer.from(image).toString('base64')}\u0007`;
}

/** Steps of each colour, and so 216 colours: every terminal with sixels has 256. */
const steps = 6;
/** Bayer's matrix: what is between two steps becomes a pattern of both. */
const dither = [...[0, 8, 2, 10], ...[12, 4, 14, 6], ...[3, 11, 1, 9], ...[15, 7, 13, 5]];

/** A picture as sixels (DEC STD 070): bands of six lines, colour by colour. */
export function sixel(picture: Pixels): string {
  const { width, height } = picture;
  const indexes = indexed(picture);
  const palette = Array.from({ length: steps ** 3 }, (_, at) => {
    const percent = (step: number) => Math.round((step * 100) / (steps - 1));
    return `#${at};2;${percent(Math.floor(at / 36))};${percent(Math.floor(at / 6) % 6)};${percent(at % 6)}`;
  });
  const bands = Array.from({ length: Math.ceil(height / 6) }, (_, band) =>
    bandOf(indexes, width, height, band),
  );
  return `\u001bP0;1q"1;1;${width};${height}${palette.join('')}${bands.join('-')}\u001b\\`;
}

function bandOf(indexes: Uint8Array, width: number, height: number, band: number): string {
  const rows = new Map<number, Uint8Array>();
  for (let y = band * 6; y < Math.min(height, band * 6 + 6); y++)
    for (let x = 0; x < width; x++) {
      const colour = indexes[y * width + x] ?? 0;
      const row = rows.get(colour) ?? new Uint8Array(width);
      row[x] = (row[x] ?? 0) | (1 << (y % 6));
      rows.set(colour, row);
    }
  return [...rows].map(([colour, row]) => `#${colour}${runs(row)}`).join('$');
}

/** Equal ones one behind the other are told by their number. */
function runs(row: Uint8Array): string {
  let text = '';
  for (let x = 0; x < row.length; ) {
    const bits = row[x] ?? 0;
    let end = x + 1;
    while (end < row.length && row[end] === bits) end += 1;
    const letter = String.fromCharCode(63 + bits);
    text += end - x > 3 ? `!${end - x}${letter}` : letter.repeat(end - x);
    x = end;
  }
  return text;
}

function indexed({ width, height, rgb }: Pixels): Uint8Array {
  const indexes = new Uint8Array(width * height);
  for (let at = 0; at < indexes.length; at++) {
    const threshold = ((dither[(Math.floor(at / width) % 4) * 4 + ((at % width) % 4)] ?? 0) + 0.5) / 16;
    const step = (value: number) => Math.min(steps - 1, Math.floor((value / 255) * (steps - 1) + threshold));
    const [red, green, blue] = [0, 1, 2].map((part) => step(rgb[at * 3 + part] ?? 0));
    indexes[at] = (red ?? 0) * 36 + (green ?? 0) * 6 + (blue ?? 0);
  }
  return indexes;
}
