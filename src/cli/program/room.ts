import { MiroliveError } from '../../contract/errors.ts';
import type { CallOptions, Client } from '../client.ts';
import type { RoomOption } from './verb.ts';

/** The room that is named, else the only one with something on air. */
export async function chooseRoom(
  client: Client,
  { room }: RoomOption,
  options: CallOptions = {},
): Promise<string> {
  if (room !== undefined) return room;
  const rooms = await client.call('listRooms', {}, options);
  const live = rooms.filter(({ state }) => state === 'live').map(({ name }) => name);
  const [only] = live;
  if (only !== undefined && live.length === 1) return only;
  if (only === undefined) throw new MiroliveError('ROOM_IDLE', 'nothing is on air in any room');
  throw new MiroliveError(
    'USAGE',
    `expected --room, since ${live.length} rooms are on air: ${live.join(', ')}`,
    {
      hint: `Name one of them: --room ${only}`,
    },
  );
}
