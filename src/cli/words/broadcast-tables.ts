import { clock } from '../../contract/media-time.ts';
import type { Broadcast, Room } from '../../contract/models.ts';
import { type Paint, printable, table } from './format.ts';
import { onAirCell } from './programme-words.ts';

/** What a table tells of a broadcast. */
export type ListedBroadcast = Omit<Broadcast, 'source'>;

/** Broadcasts as a table; a sentence with the way on if there are none. */
export function broadcastTable(broadcasts: readonly ListedBroadcast[], paint: Paint): string[] {
  if (broadcasts.length === 0) {
    return ['No broadcasts. Put one on air: mirolive stream --file talk.mp4 --room lobby'];
  }
  const rows = broadcasts.map((broadcast) => [
    broadcast.id,
    broadcast.room,
    stateCell(broadcast.state, paint),
    onAirCell(broadcast.onAir, paint),
    place(broadcast),
    String(broadcast.stats.slates),
    broadcast.kept ? 'yes' : 'no',
    String(broadcast.viewers),
    printable(broadcast.name),
  ]);
  return table(
    ['ID', 'ROOM', 'STATE', 'ON AIR', 'POSITION', 'SLATES', 'KEPT', 'VIEWERS', 'NAME'],
    rows,
    paint,
  );
}

/** Rooms as a table; a sentence with the way on if there are none. */
export function roomTable(rooms: readonly Room[], paint: Paint): string[] {
  if (rooms.length === 0) {
    return [
      'No rooms. A room is there as soon as something is on air in it: mirolive stream --file talk.mp4 --room lobby',
    ];
  }
  return table(
    ['ROOM', 'STATE', 'VIEWERS', 'WATCH'],
    rooms.map((room) => [room.name, roomState(room, paint), String(room.viewers), room.watchUrl]),
    paint,
  );
}

function roomState({ state, entry }: Room, paint: Paint): string {
  const is = stateCell(state, paint);
  return entry === 'open'
    ? is
    : `${is}, ${paint('yellow', entry === 'closed' ? 'closed' : 'lets nobody in')}`;
}

function stateCell(state: string, paint: Paint): string {
  return state === 'live' ? paint('green', state) : state;
}

function place({ stats }: Pick<Broadcast, 'stats'>): string {
  return stats.durationMs === null
    ? clock(stats.positionMs)
    : `${clock(stats.positionMs)} / ${clock(stats.durationMs)}`;
}
