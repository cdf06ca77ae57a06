/** What this tab keeps while it is open, for pages of this site; empty: nothing, or the browser lets it keep nothing. */
export function keptHere(key: string): string {
  try {
    return sessionStorage.getItem(key) ?? '';
  } catch {
    return '';
  }
}

/** Keeps it, where the browser lets pages do so; empty: keeps it no more. */
export function keepHere(key: string, value: string): void {
  try {
    if (value === '') sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    // It keeps nothing.
  }
}
