import type { PlaylistItem } from '../models.ts';

type List = { readonly items: readonly PlaylistItem[] };

/** A playlist as it was asked for: without what is made up anew each time it is read, and without the files of its folders. */
export function bareList<T extends List>({ items, ...list }: T) {
  const asked = items.filter(({ found }) => found === undefined);
  return { ...list, items: asked.map(({ id: _, found: __, ...item }) => item) };
}

/** Whether two playlists ask for the same. */
export function isSameList(one: List, other: List): boolean {
  return wordsOf(one) === wordsOf(other);
}

/** Whatever the order of its keys. */
function wordsOf(list: List): string {
  const { kind: _, ...rest } = bareList(list as List & { kind?: string });
  return JSON.stringify(sorted(rest));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, inner]) => [key, sorted(inner)]),
  );
}
