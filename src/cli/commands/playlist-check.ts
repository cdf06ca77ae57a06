import type { Context } from '../context.ts';
import { count, printable } from '../format.ts';

/** `mirolive playlist check FILE` */
export async function playlistCheck(context: Context, file: string): Promise<undefined> {
  const { loadPlaylist } = await import('../../contract/playlist-file.ts');
  const { items, loop, shuffle } = await loadPlaylist(file);
  context.output.show({ file, valid: true, items: items.length, loop, shuffle }, () => [
    `${printable(file)} is valid: ${count(items.length, 'item')}${loop ? ', looped' : ''}${shuffle ? ', shuffled' : ''}.`,
  ]);
}
