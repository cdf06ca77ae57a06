import type { Broadcast, Room, Viewer } from '../contract/models.ts';
import { bitrate, clock, printable, span, table } from './format.ts';
import type { Output } from './output.ts';
import { onAirCell } from './programme-words.ts';

type Painter = Pick<Output, 'paint'>;

/** Broadcasts as a table; a sentence with the way on if there are none. */
export function broadcastTable(broadcasts: readonly Broadcast[], { paint }: Painter): string[] {
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
    String(broadcast.viewers),
    printable(broadcast.name),
  ]);
  return table(
    headings(['ID', 'ROOM', 'STATE', 'ON AIR', 'POSITION', 'SLATES', 'VIEWERS', 'NAME'], paint),
    rows,
  );
}

/** Rooms as a table; a sentence with the way on if there are none. */
export function roomTable(rooms: readonly Room[], { paint }: Painter): string[] {
  if (rooms.length === 0) {
    return [
      'No rooms. A room is there as soon as something is on air in it: mirolive stream --file talk.mp4 --room lobby',
    ];
  }
  return table(
    headings(['ROOM', 'STATE', 'VIEWERS', 'WATCH'], paint),
    rooms.map((room) => [room.name, stateCell(room.state, paint), String(room.viewers), room.watchUrl]),
  );
}

/** Viewers as a table; a sentence with the way on if there are none. */
export function viewerTable(viewers: readonly Viewer[], now: number, { paint }: Painter): string[] {
  if (viewers.length === 0) return ['No viewers. The links to hand out: mirolive rooms'];
  return table(
    headings(['ID', 'ROOM', 'BY', 'STATE', 'QUALITY', 'RATE', 'SINCE', 'ADDRESS', 'BROWSER'], paint),
    viewers.map((viewer) => [
      viewer.id,
      viewer.room,
      viewer.kind,
      viewer.state,
      viewer.rendition ?? '',
      viewer.bitrateBps === null ? '' : bitrate(viewer.bitrateBps),
      span(now - Date.parse(viewer.joinedAt)),
      printable(viewer.address),
      printable(viewer.userAgent ?? ''),
    ]),
  );
}

function headings(names: readonly string[], paint: Output['paint']): string[] {
  return names.map((name) => paint('dim', name));
}

function stateCell(state: string, paint: Output['paint']): string {
  return state === 'live' ? paint('green', state) : state;
}

function place({ stats }: Broadcast): string {
  return stats.durationMs === null
    ? clock(stats.positionMs)
    : `${clock(stats.positionMs)} / ${clock(stats.durationMs)}`;
}
