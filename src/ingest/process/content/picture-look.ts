/** A picture is looked at in this size: enough to see a face move, little to compare. */
export const lookWidth = 64;
export const lookHeight = 36;

/** Dark, of 255, in limited range: a tenth above black, as ffmpeg's blackdetect has it. */
const darkest = 38;
/** So large a part of a black picture is dark: a clock or a logo in its corner is no picture. */
const darkPart = 0.98;
/** Two pictures are the same where no point differs by more than this, of 255: encoders make less of stillness, and movement more. */
const stillDifference = 6;

/** Whether a picture, its brightness in points of 0 to 255, is black. */
export function isBlack(picture: Uint8Array): boolean {
  let dark = 0;
  for (const point of picture) if (point <= darkest) dark++;
  return picture.length > 0 && dark >= picture.length * darkPart;
}

/** Whether two pictures are the same. */
export function isSame(before: Uint8Array, now: Uint8Array): boolean {
  return before.every((point, at) => Math.abs(point - (now[at] ?? 0)) <= stillDifference);
}
