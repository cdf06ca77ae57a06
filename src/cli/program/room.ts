import { MiroliveError } from '../../contract/errors.ts';
import { nearest } from '../../contract/nearest.ts';
import { takeHint } from '../../contract/take-hint.ts';
import type { CallOptions, Client } from '../client.ts';
import type { Context } from './context.ts';
import { findConfig } from './environment.ts';
import type { RoomOption } from './verb.ts';

/** Warns of a room that the configuration does not name, where it names one that was probably meant. */
export async function warnOfRoom(context: Context, room: string): Promise<void> {
  const { flags, environment, output, place } = context;
  const { findPlace } = await import('../places/find-place.ts');
  // Of another machine's configuration nothing is known here.
  if ((place ?? (await findPlace(flags, environment, () => {}))).kind === 'host') return;
  const file = findConfig(flags, environment);
  if (file === null) return;
  const { readPlaces } = await import('../../files/loose-config.ts');
  const rooms = await readPlaces(file).then(
    (places) => places.rooms,
    (): string[] => [],
  );
  const meant = rooms.includes(room) ? undefined : nearest(room, rooms);
  if (meant !== undefined) output.warn(`${room} is a new room; did you mean ${meant}?`);
}

/** Warns of what is on air where nobody is let in. Where that is not to be known, what is on air stays so all the same. */
export async function warnOfEntry(client: Client, output: Context['output'], room: string): Promise<void> {
  const rooms = await client.call('listRooms', {}).catch(() => []);
  const { entry = 'open' } = rooms.find(({ name }) => name === room) ?? {};
  if (entry === 'closed')
    output.warn(
      `room ${room} is closed, so nobody sees it; to let viewers in: mirolive rooms set ${room} access=open`,
    );
  if (entry === 'lost')
    output.warn(
      `room ${room} lets nobody in, since the state is lost; see what there is: mirolive state check`,
    );
}

/** Warns of a room that is open to everybody, who need no link for it. Where that is not to be known, nothing is said. */
export async function warnOfOpen(client: Client, output: Context['output'], room: string): Promise<void> {
  const { entry } = (await client.call('getRoom', { room }).catch(() => null)) ?? {};
  if (entry === 'open')
    output.warn(
      `room ${room} is open to everybody, also without a link; to let in guests alone: mirolive rooms set ${room} access=link`,
    );
}

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
  if (only === undefined) {
    const publishers = await client.call('listPublishers', {}, options);
    const standby = publishers.find((one) => one.standby);
    throw new MiroliveError('ROOM_IDLE', 'nothing is on air in any room', {
      ...(standby && { hint: takeHint(standby.room, standby.key) }),
    });
  }
  throw new MiroliveError(
    'USAGE',
    `expected --room, since ${live.length} rooms are on air: ${live.join(', ')}`,
    {
      hint: `Name one of them: --room ${only}`,
    },
  );
}
