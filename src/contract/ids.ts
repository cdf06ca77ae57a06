const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** An id that no other node makes: the prefix, a dash and ten characters with 50 random bits. */
export function newId(prefix: 'b' | 'v' | 'i' | 'k' | 'p'): string {
  const bytes = crypto.getRandomValues(new Uint8Array(10));
  return `${prefix}-${[...bytes].map((byte) => alphabet[byte & 31]).join('')}`;
}
