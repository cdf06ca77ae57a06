import { type PlaylistItem, playlistItem } from '../../../src/contract/models.ts';

/** An item that plays `/LETTER.mp4`; its id is made of the letter. */
export function item(letter: string, changes: Partial<PlaylistItem> = {}): PlaylistItem {
  return playlistItem.parse({
    id: idOf(letter),
    source: { kind: 'file', path: `/${letter}.mp4` },
    ...changes,
  });
}

/** One item for each letter. */
export function items(letters: string): PlaylistItem[] {
  return [...letters].map((letter) => item(letter));
}

export function idOf(letter: string): string {
  return `i-${letter.repeat(10)}`;
}

/** The letters of items, a dash for none. */
export function letters(list: readonly (PlaylistItem | null)[]): string {
  return list.map((entry) => entry?.id[2] ?? '-').join('');
}
