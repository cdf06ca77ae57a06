import { open } from 'node:fs/promises';
import { MiroliveError } from '../contract/errors.ts';
import type { PlaylistItem, PlaylistSource } from '../contract/models.ts';
import { textFromBytes } from '../contract/path-bytes.ts';
import { notText, parsePlaylist } from '../contract/playlist/playlist-file.ts';
import { quoted } from '../contract/quoted.ts';
import { tooLarge } from '../contract/yaml-file.ts';
import { type Ask, askAtOnce, FileNames } from './file-there.ts';

/** 10,000 items with long names are far below it. */
const maxBytes = 8 * 1024 * 1024;

/** Media has a zero among its first bytes; text has none. */
const lookedAtBytes = 4096;

/**
 * Reads and checks a playlist file: YAML, or what players write (M3U, PLS, XSPF). Relative paths begin at its folder; names
 * that other machines write otherwise are those of the files that are there.
 *
 * @param ask asks the kernel of a file, as one that knows of dead mounts does; default at once
 * @throws MiroliveError INVALID_PLAYLIST
 */
export async function loadPlaylist(path: string, ask: Ask = askAtOnce): Promise<PlaylistSource> {
  const playlist = parsePlaylist(await ask(path, () => readList(path)), path);
  const items: PlaylistItem[] = [];
  const names = new FileNames(ask);
  for (const item of playlist.items) {
    const { source } = item;
    items.push(
      source.kind === 'file'
        ? { ...item, source: { ...source, path: await names.meant(source.path) } }
        : item,
    );
  }
  return { ...playlist, items };
}

async function readList(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { size } = await file.stat();
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(lookedAtBytes), position: 0 });
    if (buffer.subarray(0, bytesRead).includes(0)) throw notText(path);
    if (size > maxBytes)
      throw tooLarge('INVALID_PLAYLIST', path, `${maxBytes / 1024 / 1024} MiB, got ${size} bytes`);
    return textFromBytes(await file.readFile());
  } catch (cause) {
    if (cause instanceof MiroliveError) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'EISDIR')
      throw new MiroliveError('INVALID_PLAYLIST', `expected a playlist file, got the folder ${path}`, {
        ...{ cause, hint: `To play what is in it: mirolive stream --folder ${quoted(path)} --room ROOM` },
      });
    throw new MiroliveError('INVALID_PLAYLIST', `cannot read the playlist: ${(cause as Error).message}`, {
      cause,
      hint: `Check that the file is there and may be read: ls -l ${quoted(path)}`,
    });
  }
}
