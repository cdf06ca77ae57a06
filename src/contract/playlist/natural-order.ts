const collator = new Intl.Collator('en', { numeric: true });

/** The order of names as people read them: `2.mp4` before `10.mp4`, capitals beside small letters. No two names are the same. */
export function naturalOrder(a: string, b: string): number {
  return collator.compare(a, b) || (a < b ? -1 : a > b ? 1 : 0);
}
