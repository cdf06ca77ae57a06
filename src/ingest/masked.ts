/** What is shorter is no secret, and may be a word of a sentence. */
const shortestSecret = 6;

/**
 * What somebody says who knows secrets, without them: percent-encoded ones neither, in whole or in part, and no part of one from its
 * half on.
 */
export function masked(text: string, secrets: readonly string[]): string {
  const long = secrets
    .map((secret) => bytesOf(unitsOf(secret)))
    .filter(({ length }) => length >= shortestSecret);
  if (long.length === 0) return text;
  const units = unitsOf(text);
  const bytes = bytesOf(units);
  const hidden = new Set(long.flatMap((secret) => placesOf(secret, bytes)));
  let at = 0;
  const shown = units.map((unit) => {
    const from = at;
    at += bytesOf([unit]).length;
    return hidden.has(from) ? '\0' : unit;
  });
  return shown.join('').replace(/\0+/g, '…');
}

/** Where any part of a secret stands that is long enough. */
function placesOf(secret: string, bytes: string): number[] {
  const least = Math.max(shortestSecret, Math.ceil(secret.length / 2));
  const places: number[] = [];
  for (let from = 0; from + least <= secret.length; from++) {
    const part = secret.slice(from, from + least);
    for (let at = bytes.indexOf(part); at !== -1; at = bytes.indexOf(part, at + 1))
      places.push(...Array.from({ length: least }, (_, index) => at + index));
  }
  return places;
}

/** Characters, and those that are percent-encoded. */
function unitsOf(text: string): string[] {
  return text.match(/%[\da-f]{2}|[\s\S]/giu) ?? [];
}

/** The bytes of UTF-8 that units stand for, each as one character. */
function bytesOf(units: readonly string[]): string {
  return units
    .map((unit) =>
      unit.length === 3
        ? String.fromCharCode(Number.parseInt(unit.slice(1), 16))
        : Buffer.from(unit).toString('latin1'),
    )
    .join('');
}
