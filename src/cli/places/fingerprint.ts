/** A print as people have it: `SHA256:AB:CD…`, as `mirolive status` shows it, or as OpenSSL prints it; null: it is none of SHA-256. */
export function parseFingerprint(text: string): string | null {
  const digits = text
    .trim()
    .replace(/^sha-?256(?: fingerprint)?[:=]/i, '')
    .replaceAll(':', '')
    .toUpperCase();
  return /^[0-9A-F]{64}$/.test(digits) ? digits : null;
}

/** A print as `mirolive status` shows it. */
export function fingerprintWords(digits: string): string {
  return `SHA256:${digits.match(/../g)?.join(':')}`;
}
