import type { PlaylistItem } from '../../contract/models.ts';

/** What makes one list of items of another. */
export interface ListChange {
  /** Ids of those that are not where they were. */
  readonly out: readonly string[];
  /** What is in the new list at these places, the first one first: an item that both sides know is its id. */
  readonly put: readonly { readonly at: number; readonly items: readonly (PlaylistItem | string)[] }[];
}

/** The change from one list to another, as small as a few items that come, go or move are; null: there is none. */
export function listChange(
  before: readonly PlaylistItem[],
  after: readonly PlaylistItem[],
): ListChange | null {
  if (before === after) return null;
  const wanted = new Set(after);
  const known = new Set(before);
  const rest = before.filter((item) => wanted.has(item));
  const out = before.filter((item) => !wanted.has(item)).map(({ id }) => id);
  const moved = new Set<PlaylistItem>();
  const put: { at: number; items: (PlaylistItem | string)[] }[] = [];
  let next = 0;
  const leave = (item: PlaylistItem) => {
    moved.add(item);
    out.push(item.id);
  };
  for (const [at, item] of after.entries()) {
    while (moved.has(rest[next] as PlaylistItem)) next++;
    const due = rest[next];
    // Where the one behind is what is wanted here, that which is due has moved.
    if (due && due !== item && rest[next + 1] === item) {
      leave(due);
      next++;
    }
    if (rest[next] === item) {
      next++;
      continue;
    }
    if (known.has(item) && !moved.has(item)) leave(item);
    const last = put.at(-1);
    const word = known.has(item) ? item.id : item;
    if (last && last.at + last.items.length === at) last.items.push(word);
    else put.push({ at, items: [word] });
  }
  return out.length === 0 && put.length === 0 ? null : { out, put };
}

/** The list that a change makes. @throws Error where it names an item that is not known */
export function changedList(before: readonly PlaylistItem[], { out, put }: ListChange): PlaylistItem[] {
  const gone = new Set(out);
  const rest = before.filter(({ id }) => !gone.has(id));
  const left = new Map(
    gone.size === 0 ? [] : before.filter(({ id }) => gone.has(id)).map((one) => [one.id, one]),
  );
  const list: PlaylistItem[] = [];
  let next = 0;
  for (const { at, items } of put) {
    while (list.length < at && next < rest.length) list.push(rest[next++] as PlaylistItem);
    for (const item of items) list.push(typeof item === 'string' ? known(left, item) : item);
  }
  return [...list, ...rest.slice(next)];
}

function known(items: ReadonlyMap<string, PlaylistItem>, id: string): PlaylistItem {
  const item = items.get(id);
  if (!item) throw new Error(`expected an item that is known, got ${id}`);
  return item;
}
