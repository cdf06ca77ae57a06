/** What this browser keeps for pages of this site, which it parts from other sites in a frame; empty: nothing, or it lets them keep nothing. */
export function kept(key: string): string {
  try {
    return localStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

/** Keeps it, where the browser lets pages do so. */
export function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // It keeps nothing.
  }
}
