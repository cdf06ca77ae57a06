import type { Broadcast } from '../rooms/broadcast.ts';
import type { Room } from '../rooms/room.ts';

/** What viewers of a broadcast are told that it is called: what is on air in the room may have a name of its own. */
export function titleOf({ served, title }: Room, { id, name }: Broadcast): string {
  return served?.broadcast.id === id ? (title ?? name) : name;
}
