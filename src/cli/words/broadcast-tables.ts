import { clock } from '../../contract/media-time.ts';
import type { Broadcast, Room } from '../../contract/models.ts';
import { naturalOrder } from '../../contract/playlist/natural-order.ts';
import { type Paint, printable } from './format.ts';
import { healthWord } from './health-words.ts';
import { type NarrowColumn, narrowTable } from './narrow-table.ts';
import { onAirCell } from './programme-words.ts';

/** What a table tells of a broadcast. */
export type ListedBroadcast = Omit<Broadcast, 'source'>;

/** Broadcasts as a table; a sentence with the way on if there are none. @param width of the terminal */
export function broadcastTable(
  broadcasts: readonly ListedBroadcast[],
  paint: Paint,
  width = Number.POSITIVE_INFINITY,
): string[] {
  if (broadcasts.length === 0) {
    return ['No broadcasts. Put one on air: mirolive stream --file talk.mp4 --room lobby'];
  }
  return narrowTable(
    [
      { heading: 'ID', cell: ({ id }) => id, worth: 5 },
      { heading: 'ROOM', cell: ({ room }) => room },
      { heading: 'STATE', cell: ({ state }) => stateCell(state, paint), worth: 8 },
      { heading: 'ON AIR', cell: ({ onAir }) => onAirCell(onAir, paint), worth: 9 },
      { heading: 'POSITION', cell: place, worth: 6 },
      { heading: 'SLATES', cell: ({ stats }) => String(stats.slates), worth: 2 },
      { heading: 'KEPT', cell: ({ kept }) => (kept ? 'yes' : 'no'), worth: 1 },
      { heading: 'VIEWERS', cell: ({ viewers }) => String(viewers), worth: 7 },
      { heading: 'NAME', cell: ({ name }) => printable(name), worth: 3 },
    ],
    broadcasts,
    width,
    paint,
  );
}

/** Rooms as a table; a sentence with the way on if there are none. @param width of the terminal */
export function roomTable(rooms: readonly Room[], paint: Paint, width = Number.POSITIVE_INFINITY): string[] {
  if (rooms.length === 0) {
    return [
      'No rooms. A room is there as soon as something is on air in it: mirolive stream --file talk.mp4 --room lobby',
    ];
  }
  const columns: NarrowColumn<Room>[] = [
    { heading: 'ROOM', cell: ({ name }) => name },
    { heading: 'STATE', cell: (room) => roomState(room, paint), worth: 2 },
    { heading: 'VIEWERS', cell: ({ viewers }) => String(viewers), worth: 1 },
    { heading: 'HEALTH', cell: ({ health }) => (health ? healthWord(health, paint) : ''), worth: 3 },
    { heading: 'WATCH', cell: ({ watchUrl }) => watchUrl, worth: 4 },
    { heading: 'TITLE', cell: ({ title }) => printable(title ?? ''), worth: 0 },
  ];
  const untold = [
    ...(rooms.some(({ health }) => health) ? [] : ['HEALTH']),
    ...(rooms.some(({ title }) => title) ? [] : ['TITLE']),
  ];
  const told = columns.filter(({ heading }) => !untold.includes(heading));
  const sorted = rooms.toSorted((one, other) => naturalOrder(one.name, other.name));
  return narrowTable(told, sorted, width, paint);
}

function roomState({ state, entry }: Room, paint: Paint): string {
  const is = stateCell(state, paint);
  if (entry === 'open') return is;
  return entry === 'link' ? `${is}, by link` : `${is}, ${paint('yellow', entryWords[entry])}`;
}

const entryWords = { closed: 'closed', lost: 'lets nobody in' } as const;

function stateCell(state: string, paint: Paint): string {
  return state === 'live' ? paint('green', state) : state;
}

function place({ stats }: Pick<Broadcast, 'stats'>): string {
  return stats.durationMs === null
    ? clock(stats.positionMs)
    : `${clock(stats.positionMs)} / ${clock(stats.durationMs)}`;
}
