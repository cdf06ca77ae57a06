const key = 'mirolive-browser';
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** The id of this browser: made once, and kept where the browser lets pages of this site keep things, which it parts from other sites in a frame. */
export function browserId(): string {
  const fresh = `u-${Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => alphabet[byte & 31]).join('')}`;
  try {
    const kept = localStorage.getItem(key);
    if (kept !== null && /^u-[a-z2-7]{16}$/.test(kept)) return kept;
    localStorage.setItem(key, fresh);
  } catch {
    // It may keep nothing: until it is opened anew it is another browser.
  }
  return fresh;
}
