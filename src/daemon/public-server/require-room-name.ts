import { MiroliveError } from '../../contract/errors.ts';
import { roomName } from '../../contract/names.ts';

/** The name of a room, as it stands in an address; throws ROOM_NOT_FOUND for what can be none. */
export function requireRoomName(name: string): string {
  if (roomName.safeParse(name).success) return name;
  // Not redirected: whoever comes here has a secret with them, or an offer.
  const meant = roomName.safeParse(name.toLowerCase()).data;
  const nearby = meant === undefined ? '' : `; did you mean ${meant}?`;
  throw new MiroliveError(
    'ROOM_NOT_FOUND',
    `expected the name of a room: a-z, 0-9 and -, at most 63${nearby}`,
  );
}
