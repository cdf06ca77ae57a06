import type { Control } from '../control.ts';
import { MiroliveError } from '../errors.ts';
import type { Playlist } from './playlist.ts';

/** What an operator may do to a playlist that is played. */
export type PlaylistCommand = Extract<
  Control,
  { type: 'next' | 'previous' | 'jump' | 'add' | 'move' | 'remove' | 'replace' }
>;

/**
 * Changes a playlist; gives `moved` where another item is to play at once, `edited` where only what follows may be another.
 *
 * @throws MiroliveError PLAYLIST_ITEM_NOT_FOUND, INVALID_REQUEST
 */
export function editPlaylist(
  playlist: Playlist,
  command: PlaylistCommand,
  nowMs: number,
): 'moved' | 'edited' {
  switch (command.type) {
    case 'next':
      if (!playlist.peek(nowMs))
        throw new MiroliveError('INVALID_REQUEST', 'expected an item behind this one, it is the last', {
          hint: 'Add some: mirolive playlist add FILE --room ROOM',
        });
      playlist.advance(nowMs);
      return 'moved';
    case 'previous':
      playlist.previous();
      return 'moved';
    case 'jump':
      playlist.jump(command.item);
      return 'moved';
    case 'add':
      playlist.add(command.items, command.at);
      return 'edited';
    case 'move':
      playlist.move(command.item, command.to);
      return 'edited';
    case 'remove':
      playlist.remove(command.item);
      return 'edited';
    case 'replace':
      playlist.replace(command.items);
      return 'edited';
  }
}
