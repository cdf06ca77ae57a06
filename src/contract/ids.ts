const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** An id that no other node makes: the prefix, a dash and ten characters with 50 random bits. */
export function newId(
  prefix: 'b' | 'c' | 'v' | 'i' | 'k' | 'p' | 's' | 't' | 'w' | 'e' | 'x' | 'l' | 'g',
): string {
  return `${prefix}-${randomText(10)}`;
}

/** What nobody can guess: 20 characters with 100 random bits. */
export function newToken(): string {
  return randomText(20);
}

function randomText(length: number): string {
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return [...bytes].map((byte) => alphabet[byte & 31]).join('');
}
