import { MiroliveError } from '../../contract/errors.ts';
import type { PlaylistState } from '../../contract/programme-state.ts';

/** The id of an item that is named by its number, as `playlist show` has it, or by its id. */
export function findItem({ items }: PlaylistState, words: string): string {
  if (/^i-[a-z2-7]{10}$/.test(words)) return words;
  if (!/^\d+$/.test(words)) {
    throw new MiroliveError('USAGE', `expected the number of an item or its id, got '${words}'`, {
      hint: 'See both: mirolive playlist show --room ROOM',
    });
  }
  const item = items[Number(words) - 1]?.item;
  if (item !== undefined) return item;
  throw new MiroliveError(
    'PLAYLIST_ITEM_NOT_FOUND',
    `expected the number of an item, from 1 to ${items.length}, got ${words}`,
  );
}

/**
 * A place in the list, 0 the first, named by its number, as `next` or as `last`.
 *
 * @param moved the id of an item that is there already, and counts no more where it was
 */
export function findPlace({ items, index }: PlaylistState, words: string, moved?: string): number {
  if (words === 'next') {
    const from = items.findIndex(({ item }) => item === moved);
    const next = items.findIndex(({ state }) => state === 'next');
    const here = index ?? (next === -1 ? items.length : next) - 1;
    return here + (from !== -1 && from <= here ? 0 : 1);
  }
  const places = items.length + (moved === undefined ? 1 : 0);
  if (words === 'last') return places - 1;
  if (/^[1-9]\d*$/.test(words) && Number(words) <= places) return Number(words) - 1;
  throw new MiroliveError('USAGE', `expected next, last, or a number from 1 to ${places}, got '${words}'`, {
    hint: 'See the numbers: mirolive playlist show --room ROOM',
  });
}
