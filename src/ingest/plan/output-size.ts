/** Width and height in pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Full HD, either way up: encoding more in real time is beyond most processors. */
const longSide = 1920;
const shortSide = 1080;

/**
 * The size to transcode to: that of the source, scaled down into 1920x1080 (or 1080x1920), as even numbers, never larger.
 *
 * @param shortest pixels that the shorter side may have
 */
export function outputSize({ width, height }: Size, shortest: number = shortSide): Size {
  const scale = Math.min(
    1,
    longSide / Math.max(width, height),
    Math.min(shortest, shortSide) / Math.min(width, height),
  );
  return { width: even(width * scale), height: even(height * scale) };
}

/** 4:2:0 has one colour for two pixels each way. A hair is added, as 1920 / 3840 * 2160 need not be exact. */
function even(length: number): number {
  return Math.max(2, Math.floor((length + 1e-6) / 2) * 2);
}
