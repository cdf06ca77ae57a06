import { keep, kept } from './kept.ts';

const key = 'mirolive-browser';
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** The id of this browser: made once, and kept. Where nothing is, it is another browser when the page is opened anew. */
export function browserId(): string {
  const known = kept(key);
  if (/^u-[a-z2-7]{16}$/.test(known)) return known;
  const fresh = `u-${Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => alphabet[byte & 31]).join('')}`;
  keep(key, fresh);
  return fresh;
}
