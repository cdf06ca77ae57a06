import { dirname, resolve } from 'node:path';
import { MiroliveError } from '../errors.ts';
import { type PlaylistSource, playlistSource } from '../models.ts';
import { quoted } from '../quoted.ts';
import { parseYaml } from '../yaml-file.ts';
import { parsePlayerList, playerListOf } from './player-lists.ts';
import { endlessItems, playlistSchema, withShortItems } from './playlist-schema.ts';

/** Checks the text of a playlist file: YAML, or M3U, PLS or XSPF by its name or how it begins. Relative paths begin at its folder. The error names `file:line:column` of each problem, one per line. */
export function parsePlaylist(text: string, file: string): PlaylistSource {
  const folder = dirname(resolve(file));
  if (text.includes('\0')) throw notText(file);
  const kind = playerListOf(text, file);
  if (kind === null) {
    const rules = {
      schema: playlistSchema(folder),
      code: 'INVALID_PLAYLIST',
      prepare: withShortItems,
      besides: endlessItems,
    } as const;
    return playlistSource.parse({ kind: 'playlist', ...parseYaml(text, file, rules) });
  }
  const items = parsePlayerList(kind, text, folder);
  if (Array.isArray(items)) return playlistSource.parse({ kind: 'playlist', items });
  const { line, message } = items;
  throw new MiroliveError('INVALID_PLAYLIST', `${file}:${line}:1: ${message}`, {
    details: { file },
    ...(message.includes('HLS') ? { hint: 'Play it by its address: mirolive stream --url ADDRESS' } : {}),
  });
}

/** That a file is none that people write. */
export function notText(file: string): MiroliveError {
  return new MiroliveError(
    'INVALID_PLAYLIST',
    `expected a playlist in YAML, M3U, PLS or XSPF, got media, or no text: ${file}`,
    {
      hint: `If it is media: mirolive probe ${quoted(file)}`,
    },
  );
}
