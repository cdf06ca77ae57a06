import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { MiroliveError } from '../errors.ts';
import { type PlaylistSource, playlistSource } from '../models.ts';
import { parseYaml, tooLarge } from '../yaml-file.ts';
import { parseM3u } from './m3u.ts';
import { endlessItems, playlistSchema, withShortItems } from './playlist-schema.ts';

/** 10,000 items with long names are far below it. */
const maxBytes = 8 * 1024 * 1024;

/** Media has a zero among its first bytes; text has none. */
const lookedAtBytes = 4096;

/**
 * Reads and checks a playlist file: YAML, or M3U by its name or its first line. Relative paths begin at its folder.
 *
 * @throws MiroliveError INVALID_PLAYLIST
 */
export async function loadPlaylist(path: string): Promise<PlaylistSource> {
  let text: string;
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(lookedAtBytes), position: 0 });
    if (buffer.subarray(0, bytesRead).includes(0)) throw notText(path);
    if (size > maxBytes)
      throw tooLarge('INVALID_PLAYLIST', path, `${maxBytes / 1024 / 1024} MiB, got ${size} bytes`);
    text = await file.readFile('utf8');
  } catch (cause) {
    if (cause instanceof MiroliveError) throw cause;
    throw new MiroliveError('INVALID_PLAYLIST', `cannot read the playlist: ${(cause as Error).message}`, {
      cause,
      hint: `Check that the file is there and may be read: ls -l ${path}`,
    });
  }
  return parsePlaylist(text, path);
}

/** Checks the text of a playlist file. The error names `file:line:column` of each problem, one per line. */
export function parsePlaylist(text: string, file: string): PlaylistSource {
  const folder = dirname(resolve(file));
  if (text.includes('\0')) throw notText(file);
  if (!/\.m3u8?$/i.test(file) && !/^\ufeff?#EXTM3U/.test(text)) {
    const rules = {
      schema: playlistSchema(folder),
      code: 'INVALID_PLAYLIST',
      prepare: withShortItems,
      besides: endlessItems,
    } as const;
    return playlistSource.parse({ kind: 'playlist', ...parseYaml(text, file, rules) });
  }
  const items = parseM3u(text, folder);
  if (Array.isArray(items)) return playlistSource.parse({ kind: 'playlist', items });
  const { line, message } = items;
  throw new MiroliveError('INVALID_PLAYLIST', `${file}:${line}:1: ${message}`, {
    details: { file },
    ...(message.includes('HLS') ? { hint: 'Play it by its address: mirolive stream --url ADDRESS' } : {}),
  });
}

function notText(file: string): MiroliveError {
  return new MiroliveError(
    'INVALID_PLAYLIST',
    `expected a playlist in YAML or M3U, got media, or no text: ${file}`,
    {
      hint: `If it is media: mirolive probe ${file}`,
    },
  );
}
