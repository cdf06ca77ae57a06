import type { PlaylistItem } from '../models.ts';
import { naturalOrder } from './natural-order.ts';

/** What has become of the files of a folder. */
export interface FolderEdit {
  /** The id of the folder's item. */
  readonly folder: string;
  readonly added: readonly PlaylistItem[];
  /** Ids of files that are gone. */
  readonly removed: readonly string[];
  /** Items in whose places others are by the same ids: their files are other ones. */
  readonly replaced: readonly PlaylistItem[];
}

/** Whether an item only stands for the files behind it. */
export function isFolder({ source }: Pick<PlaylistItem, 'source'>): boolean {
  return source.kind === 'folder';
}

/** The list with more files of a folder, each behind those of it that go before by name. */
export function withSorted(
  order: readonly PlaylistItem[],
  folder: string,
  added: readonly PlaylistItem[],
): PlaylistItem[] {
  const coming = added.toSorted((a, b) => naturalOrder(pathOf(a), pathOf(b)));
  const siblings = order.filter(({ found }) => found?.folder === folder);
  const behind = siblings.at(-1)?.id ?? folder;
  const merged: PlaylistItem[] = [];
  let next = 0;
  for (const item of order) {
    if (item.found?.folder === folder)
      for (; next < coming.length && comesBefore(coming[next], item); next++)
        merged.push(coming[next] as PlaylistItem);
    merged.push(item);
    if (item.id === behind) {
      merged.push(...coming.slice(next));
      next = coming.length;
    }
  }
  return merged;
}

/**
 * The list with more files among what is not played yet of its round, each at any place there. What plays, and what is next, may be
 * further by now than is known here: nothing is put in before or between them.
 *
 * @param here the place of what plays; -1: nothing does yet
 * @param isPlayed whether an item is not passed over
 * @param random gives numbers from 0 to below 1
 */
export function withScattered(
  order: readonly PlaylistItem[],
  here: number,
  added: readonly PlaylistItem[],
  isPlayed: (item: PlaylistItem) => boolean,
  random: () => number,
): PlaylistItem[] {
  const next = order.findIndex((item, place) => place > here && isPlayed(item));
  const from = next === -1 ? order.length : next + 1;
  const rest = order.slice(from);
  // All orders of both are equally likely that keep the order of the rest.
  const coming = [...added];
  const mixed: PlaylistItem[] = [];
  let kept = 0;
  while (kept < rest.length || coming.length > 0) {
    const left = rest.length - kept;
    if (random() * (left + coming.length) < left) mixed.push(rest[kept++] as PlaylistItem);
    else mixed.push(taken(coming, random));
  }
  return [...order.slice(0, from), ...mixed];
}

function taken(items: PlaylistItem[], random: () => number): PlaylistItem {
  const place = Math.floor(random() * items.length);
  const last = items.pop() as PlaylistItem;
  const item = items[place] ?? last;
  if (place < items.length) items[place] = last;
  return item;
}

function comesBefore(a: PlaylistItem | undefined, b: PlaylistItem): boolean {
  return a !== undefined && naturalOrder(pathOf(a), pathOf(b)) < 0;
}

function pathOf({ source }: PlaylistItem): string {
  return source.kind === 'file' ? source.path : '';
}
