import { resolve } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';
import type { NewEntrySource, NewPlaylistItem } from '../../contract/models.ts';
import { isEndless, partProblems } from '../../contract/playlist/item-part.ts';
import { quoted } from '../../contract/quoted.ts';
import { isPlaylistName } from '../../contract/source-from-words.ts';
import { loadPlaylist } from '../../files/load-playlist.ts';
import { type CardFlags, withText } from './card-options.ts';
import { sourceProblem } from './local-file.ts';
import { type SaidFrom, sourceFrom } from './said-from.ts';

/** Flags that say how items are played; times in ms. */
export interface ItemFlags extends CardFlags {
  readonly from?: number;
  readonly to?: number;
  readonly for?: number;
  readonly title?: string;
}

/**
 * The items that words name: a source each, or all of a playlist file. What was named by hand and cannot be played is refused; a
 * playlist file may name what comes later.
 *
 * @throws MiroliveError USAGE, SOURCE_NOT_FOUND, SOURCE_NOT_A_FILE, SOURCE_PROTOCOL, INVALID_PLAYLIST
 */
export async function itemsFromWords(
  words: readonly string[],
  flags: ItemFlags,
  place: SaidFrom,
): Promise<NewPlaylistItem[]> {
  const { from, to, for: length, title } = flags;
  const changes = {
    ...(from === undefined ? {} : { fromMs: from }),
    ...(to === undefined ? {} : { toMs: to }),
    ...(length === undefined ? {} : { forMs: length }),
    ...(title === undefined ? {} : { title }),
  };
  const found: NewPlaylistItem[] = [];
  for (const word of words) {
    const items = isPlaylistName(word)
      ? (await loadPlaylist(resolve(place.folder, word))).items
      : [{ source: withText(await sourceByHand(word, place, changes.forMs), flags) }];
    found.push(...items.map((item) => ({ ...item, ...changes })));
  }
  for (const { source, fromMs = 0, toMs = null, forMs = null } of found) {
    const [problem] = partProblems(source.kind, { fromMs, toMs, forMs });
    if (problem) throw new MiroliveError('USAGE', `--${problem.key}: ${problem.message}`);
  }
  return found;
}

async function sourceByHand(
  word: string,
  from: SaidFrom,
  forMs: number | undefined,
): Promise<NewEntrySource> {
  const source = sourceFrom(from, word);
  const problem = from.machine === 'this' ? await sourceProblem(source) : null;
  if (problem) throw problem;
  if (!isEndless(source.kind, forMs ?? null)) return source;
  throw new MiroliveError('USAGE', `expected --for, since ${source.kind} has no end`, {
    hint: `Say how long it plays: mirolive playlist add ${quoted(word)} --for 5m`,
  });
}
