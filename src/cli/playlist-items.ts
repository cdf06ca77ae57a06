import { resolve } from 'node:path';
import { MiroliveError } from '../contract/errors.ts';
import { parseMediaTime } from '../contract/media-time.ts';
import type { NewPlaylistItem } from '../contract/models.ts';
import { loadPlaylist } from '../contract/playlist-file.ts';
import { isPlaylistName, sourceFromWords } from '../contract/source-from-words.ts';

/** Flags that say how items are played. */
export interface ItemFlags {
  readonly from?: string;
  readonly to?: string;
  readonly for?: string;
  readonly title?: string;
}

/** The items that words name: a source each, or all of a playlist file. */
export async function itemsFromWords(
  words: readonly string[],
  flags: ItemFlags,
  folder: string,
): Promise<NewPlaylistItem[]> {
  const { from, to, for: length, title } = flags;
  const changes = {
    ...(from === undefined ? {} : { fromMs: readTime('--from', from) }),
    ...(to === undefined ? {} : { toMs: readTime('--to', to) }),
    ...(length === undefined ? {} : { forMs: readTime('--for', length) }),
    ...(title === undefined ? {} : { title }),
  };
  const found: NewPlaylistItem[] = [];
  for (const word of words) {
    const items = isPlaylistName(word)
      ? (await loadPlaylist(resolve(folder, word))).items
      : [{ source: sourceFromWords(word, folder) }];
    found.push(...items.map((item) => ({ ...item, ...changes })));
  }
  return found;
}

function readTime(flag: string, text: string): number {
  const ms = parseMediaTime(text);
  if (ms !== null) return ms;
  throw new MiroliveError(
    'USAGE',
    `expected a time such as 12:30, 1:02:03 or 90s behind ${flag}, got '${text}'`,
  );
}
