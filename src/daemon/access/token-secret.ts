import { createHash, randomBytes } from 'node:crypto';

/** By these they are recognised for what they are, wherever somebody has left them. */
const prefixes = { token: 'mlt_', link: 'mll_' } as const;
/** No letters that look alike, none that a mouse does not take with the others. */
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';
/** 5 bits each: 260 bits. */
const length = 52;

/** A secret that nobody has. */
export function newTokenSecret(): string {
  return prefixes.token + random();
}

/** The same, of a watch link. */
export function newLinkSecret(): string {
  return prefixes.link + random();
}

function random(): string {
  return [...randomBytes(length)].map((byte) => alphabet[byte & 31]).join('');
}

/**
 * What is kept of a secret. A plain SHA-256 will do, since the secret is random: there is nothing to try out. And since only
 * hashes are compared, how long that takes says nothing of a secret.
 */
export function tokenHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
