/** A picture: red, green and blue of each pixel, line by line. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

/** The largest size of its shape within these bounds, in pixels that are square. */
export function sizeWithin(
  { width, height }: Pixels,
  most: { readonly width: number; readonly height: number },
) {
  const scale = Math.min(most.width / width, most.height / height);
  return { width: Math.max(1, Math.floor(width * scale)), height: Math.max(1, Math.floor(height * scale)) };
}

/** A picture in another size: each pixel is the mean of those that it stands for. */
export function scaled(picture: Pixels, width: number, height: number): Pixels {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    const [top, bottom] = part(y, height, picture.height);
    for (let x = 0; x < width; x++) {
      const [left, right] = part(x, width, picture.width);
      mean(picture, { left, right, top, bottom }, rgb, (y * width + x) * 3);
    }
  }
  return { width, height, rgb };
}

/** From where to where one of so many parts reaches; at least one is in it. */
function part(at: number, of: number, length: number): readonly [number, number] {
  const from = Math.floor((at * length) / of);
  return [from, Math.max(from + 1, Math.floor(((at + 1) * length) / of))];
}

interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

function mean(
  { width, rgb }: Pixels,
  { left, right, top, bottom }: Area,
  into: Uint8Array,
  at: number,
): void {
  const sums: [number, number, number] = [0, 0, 0];
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) {
      const from = (y * width + x) * 3;
      sums[0] += rgb[from] ?? 0;
      sums[1] += rgb[from + 1] ?? 0;
      sums[2] += rgb[from + 2] ?? 0;
    }
  const count = (right - left) * (bottom - top);
  into.set(
    sums.map((sum) => Math.round(sum / count)),
    at,
  );
}
