import { randomBytes } from 'node:crypto';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** An id that no other node makes: the prefix, a dash and ten characters with 50 random bits. */
export function newId(prefix: 'b' | 'v'): string {
  return `${prefix}-${[...randomBytes(10)].map((byte) => alphabet[byte & 31]).join('')}`;
}
