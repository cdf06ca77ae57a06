import { createHash, randomBytes } from 'node:crypto';

/** By it a stream key is recognised for what it is, wherever somebody has left it. */
const prefix = 'mlk_';
/** No letters that look alike, none that a mouse does not take with the others. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
/** 5 bits each: 160 bits, which nobody guesses. */
const length = 32;

/** A secret that nobody has. It may stand in an address, and node-media-server takes it for the name of a stream. */
export function newSecret(): string {
  return prefix + [...randomBytes(length)].map((byte) => alphabet[byte & 31]).join('');
}

/** Whether there is one in a text, in letters of any size. */
export function holdsSecret(text: string): boolean {
  return text.toLowerCase().includes(prefix);
}

/**
 * What is kept of a secret. A plain hash will do, since the secret is random: there is nothing to try out. And since only
 * hashes are compared, how long that takes says nothing of a secret.
 */
export function hashOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
