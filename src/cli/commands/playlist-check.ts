import { unknownPlaceholders } from '../../contract/card-words.ts';
import { asMiroliveError, exitStatusOf, MiroliveError } from '../../contract/errors.ts';
import type { NewPlaylistItem, PlaylistSource } from '../../contract/models.ts';
import { quoted } from '../../contract/quoted.ts';
import { type Context, connect } from '../program/context.ts';
import type { Verb } from '../program/verb.ts';
import { missingItems } from '../sources/missing-items.ts';
import { count, printable } from '../words/format.ts';

/** How many items that cannot be played are named. */
const maxNamed = 20;
/** How long a daemon may take to say its stream keys, in ms; there may be none. */
const keysTimeoutMs = 1000;

/** `mirolive playlist check FILE` */
export const addCheck = (playlist: Verb) =>
  playlist
    .verb('check', 'Check a playlist file: every error with its line and column.', [
      'mirolive playlist check evening.yaml',
      'mirolive playlist check evening.yaml --probe',
    ])
    .argument('<file>', 'playlist file: YAML, M3U, PLS or XSPF')
    .option('--probe', 'have the daemon look into each file and address too')
    .does(playlistCheck);

/** What is written there, and whether what it names is there now. */
async function playlistCheck(
  context: Context,
  file: string,
  { probe = false }: { readonly probe?: boolean },
): Promise<undefined> {
  const { loadPlaylist } = await import('../../files/load-playlist.ts');
  const list = await loadPlaylist(file);
  const { items, loop, shuffle } = list;
  for (const words of oddCards(items)) context.output.warn(words);
  const missing = await missingItems(items, await keyNames(context));
  if (probe && missing.length === 0) missing.push(...(await unplayableItems(context, list)));
  if (missing.length > 0) {
    const named = missing.slice(0, maxNamed);
    const more = missing.length > maxNamed ? [`and ${missing.length - maxNamed} more`] : [];
    throw new MiroliveError('SOURCE_NOT_FOUND', [...named, ...more].join('\n'), {
      hint: `They would be skipped or waited for. When they are mended: mirolive playlist check ${quoted(file)}${probe ? ' --probe' : ''}`,
    });
  }
  context.output.show({ file, valid: true, probed: probe, items: items.length, loop, shuffle }, () => [
    `${printable(file)} is valid: ${count(items.length, 'item')}${loop ? ', looped' : ''}${shuffle ? ', shuffled' : ''}.`,
    ...(probe
      ? folderLines(items)
      : [`What is in them was not looked at; for that: mirolive playlist check ${quoted(file)} --probe`]),
  ]);
}

/** Cards on which viewers would see braces. */
function oddCards(items: readonly NewPlaylistItem[]): string[] {
  return items.flatMap(({ source }, index) => {
    const unknown =
      source.kind === 'card' ? unknownPlaceholders({ title: source.title, text: source.text ?? '' }) : [];
    return unknown.length === 0
      ? []
      : [
          `item ${index + 1}: ${unknown.join(' and ')} will be seen as written; filled in are {next} and {startsIn}`,
        ];
  });
}

function folderLines(items: readonly NewPlaylistItem[]): string[] {
  return items.some(({ source }) => source.kind === 'folder')
    ? ['What is in the files of its folders was not looked at; for that, of each: mirolive probe --scan FILE']
    : [];
}

/** What cannot be played of files and addresses, as the daemon sees it, one after the other. Warns of what would never be over. */
async function unplayableItems(
  context: Context,
  { items, loop, shuffle }: Pick<PlaylistSource, 'loop' | 'shuffle'> & { items: readonly NewPlaylistItem[] },
): Promise<string[]> {
  const client = await connect(context);
  const found: string[] = [];
  for (const [index, { source, forMs = null }] of items.entries()) {
    if (source.kind !== 'file' && source.kind !== 'url') continue;
    const isFollowed = items.length > 1 && (loop || shuffle || index < items.length - 1);
    try {
      const { live } = await client.call('probe', { source });
      if (source.kind === 'url' && live && forMs === null && isFollowed)
        context.output.warn(
          `item ${index + 1} is live, and keeps the others off air until it ends; for: 20m gives it an end, mirolive playlist next goes on at once`,
        );
    } catch (thrown) {
      const error = asMiroliveError(thrown);
      if (exitStatusOf(error.code) === 3) throw error;
      found.push(`item ${index + 1}: ${error.message}`);
    }
  }
  return found;
}

async function keyNames(context: Context): Promise<ReadonlySet<string> | null> {
  const client = await connect(context);
  const keys = await client.call('listKeys', {}, { timeoutMs: keysTimeoutMs }).catch(() => null);
  return keys && new Set(keys.map(({ name }) => name));
}
