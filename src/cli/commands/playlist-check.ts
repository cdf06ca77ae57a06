import { MiroliveError } from '../../contract/errors.ts';
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
    ])
    .argument('<file>', 'playlist file, YAML or M3U')
    .does(playlistCheck);

/** What is written there, and whether what it names is there now. */
async function playlistCheck(context: Context, file: string): Promise<undefined> {
  const { loadPlaylist } = await import('../../contract/playlist/playlist-file.ts');
  const { items, loop, shuffle } = await loadPlaylist(file);
  const missing = await missingItems(items, await keyNames(context));
  if (missing.length > 0) {
    const named = missing.slice(0, maxNamed);
    const more = missing.length > maxNamed ? [`and ${missing.length - maxNamed} more`] : [];
    throw new MiroliveError('SOURCE_NOT_FOUND', [...named, ...more].join('\n'), {
      hint: `They would be skipped or waited for. When they are there: mirolive playlist check ${file}`,
    });
  }
  context.output.show({ file, valid: true, items: items.length, loop, shuffle }, () => [
    `${printable(file)} is valid: ${count(items.length, 'item')}${loop ? ', looped' : ''}${shuffle ? ', shuffled' : ''}.`,
  ]);
}

async function keyNames(context: Context): Promise<ReadonlySet<string> | null> {
  const client = await connect(context);
  const keys = await client.call('listKeys', {}, { timeoutMs: keysTimeoutMs }).catch(() => null);
  return keys && new Set(keys.map(({ name }) => name));
}
