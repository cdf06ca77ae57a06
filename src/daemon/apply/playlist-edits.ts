import type { Control } from '../../contract/control.ts';
import type { PlaylistItem, PlaylistSource } from '../../contract/models.ts';

/** A change of a list, in the words of `control`. */
export type PlaylistEdit = Extract<Control, { type: 'add' | 'move' | 'remove' }>;

/**
 * What makes one list of another while it plays: what is in both stays, and what is taken out goes last, so that there is always something
 * to play. Pure. @param before as it is now, in its order
 */
export function playlistEdits(
  before: readonly PlaylistItem[],
  { items: after, shuffle }: Pick<PlaylistSource, 'items' | 'shuffle'>,
): PlaylistEdit[] {
  const known = Map.groupBy(before, contents);
  const wanted = after.map((item) => known.get(contents(item))?.shift() ?? item);
  const doomed = new Set([...known.values()].flat());
  const stays = new Set(before.filter((item) => !doomed.has(item)));
  const removed = before
    .filter((item) => doomed.has(item))
    .map(({ id }): PlaylistEdit => ({ type: 'remove', item: id }));
  if (shuffle) {
    // Each round has an order of its own.
    const items = wanted.filter((item) => !stays.has(item));
    return [...(items.length > 0 ? [{ type: 'add' as const, items, at: null }] : []), ...removed];
  }
  const list = [...before];
  const edits: PlaylistEdit[] = [];
  let place = 0;
  for (const item of wanted) {
    while (place < list.length && doomed.has(list[place] as PlaylistItem)) place++;
    if (list[place] !== item) {
      const from = list.indexOf(item);
      if (from !== -1) list.splice(from, 1);
      list.splice(place, 0, item);
      edits.push(
        from === -1 ? { type: 'add', items: [item], at: place } : { type: 'move', item: item.id, to: place },
      );
    }
    place++;
  }
  return [...together(edits), ...removed];
}

/** Items that are added one behind the other are added at once. */
function together(edits: readonly PlaylistEdit[]): PlaylistEdit[] {
  const joined: PlaylistEdit[] = [];
  for (const edit of edits) {
    const last = joined.at(-1);
    if (edit.type === 'add' && last?.type === 'add' && edit.at === (last.at ?? 0) + last.items.length)
      joined[joined.length - 1] = { ...last, items: [...last.items, ...edit.items] };
    else joined.push(edit);
  }
  return joined;
}

function contents({ source, title, fromMs, toMs, forMs }: PlaylistItem): string {
  return JSON.stringify([source, title, fromMs, toMs, forMs]);
}
