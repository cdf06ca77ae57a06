import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { asMiroliveError, type MiroliveError } from '../../contract/errors.ts';
import {
  maxFolderFiles,
  type PlaylistItem,
  type PlaylistSource,
  playlistItem,
  type Source,
} from '../../contract/models.ts';
import { isFolder } from '../../contract/playlist/folder-items.ts';
import { naturalOrder } from '../../contract/playlist/natural-order.ts';
import { FolderList } from './folder-list.ts';
import type { FolderEyes } from './folder-look.ts';

const alphabet = 'abcdefghijklmnopqrstuvwxyz234567';

/** The item of a file in a folder; its id is the same for as long as its name is. */
export function fileItem(folder: string, path: string, name: string, stamp: string): PlaylistItem {
  return {
    id: fileId(folder, name),
    source: { kind: 'file', path: join(path, name), loop: false, audioTrack: null },
    ...{ title: null, fromMs: 0, toMs: null, forMs: null },
    found: { folder, stamp },
  };
}

/** The id of a file's item. */
export function fileId(folder: string, name: string): string {
  const bytes = createHash('sha256').update(folder).update('/').update(name).digest().subarray(0, 10);
  return `i-${[...bytes].map((byte) => alphabet[byte & 31]).join('')}`;
}

/** The files of a folder that a list has, by names, with their stamps. */
export function filesIn(items: readonly PlaylistItem[], folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const { found, source } of items)
    if (found?.folder === folder && source.kind === 'file') files.set(basename(source.path), found.stamp);
  return files;
}

/** A folder alone is a list of it that begins again. */
export function asList(source: Source): Source {
  if (source.kind !== 'folder') return source;
  return { kind: 'playlist', items: [playlistItem.parse({ source })], loop: true, shuffle: false };
}

/** A playlist with what is in its folders now, and what is wrong with those that cannot be seen. */
export interface Listed {
  readonly source: Source;
  /** By the ids of the folders' items. */
  readonly problems: ReadonlyMap<string, MiroliveError>;
}

/** A list as it is begun: behind each of its folders are the files in it. */
export async function listed(source: Source, eyes: FolderEyes, wallMs: number): Promise<Listed> {
  if (source.kind !== 'playlist' || !source.items.some(isFolder)) return { source, problems: new Map() };
  const problems = new Map<string, MiroliveError>();
  const items: PlaylistItem[] = [];
  for (const item of source.items) {
    items.push(item);
    if (item.source.kind !== 'folder') continue;
    try {
      // One by one: ten thousand items are more than a call takes.
      for (const file of await filesNow(item.id, item.source.path, eyes, wallMs)) items.push(file);
    } catch (error) {
      problems.set(item.id, asMiroliveError(error));
    }
  }
  return { source: { ...source, items } satisfies PlaylistSource, problems };
}

async function filesNow(
  folder: string,
  path: string,
  eyes: FolderEyes,
  wallMs: number,
): Promise<PlaylistItem[]> {
  await eyes.folder(path);
  const list = new FolderList(new Map(), maxFolderFiles);
  const names = (await eyes.names(path)).toSorted(naturalOrder);
  const files = await eyes.files(path, list.toLookAt(names, false));
  const { added } = list.see({ names, files, wallMs }, 0, true);
  return names.flatMap((name) => {
    const stamp = added.get(name);
    return stamp === undefined ? [] : [fileItem(folder, path, name, stamp)];
  });
}
