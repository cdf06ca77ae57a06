import { clock } from '../../../../contract/media-time.ts';
import type { ViewedRoom } from '../../../../contract/view/viewed-room.ts';
import { bitrate } from '../../../words/format.ts';
import { sparkline } from '../bars.ts';
import { type Column, grid } from '../grid.ts';
import { type Line, outside, span } from '../line.ts';
import { chosenAt, listedRooms, type Seen } from '../seen.ts';
import type { State } from '../state.ts';
import { figure, healthSpan, onAirLine } from './room-words.ts';

/** How many viewers a room had lately, in columns. */
const sparkColumns = 12;

/** All rooms, in as many rows as there are. */
export function overview(state: State, seen: Seen, rows: number): Line[] {
  const rooms = listedRooms(seen, state.rooms);
  if (rooms.length === 0) return none(state, seen);
  const chosen = chosenAt(
    rooms.map(({ name }) => name),
    state.rooms,
  );
  const size = { width: state.size.columns, height: rows, chosen };
  return grid(columnsOf(seen), rooms, size);
}

function none({ rooms, readOnly }: State, { view }: Seen): Line[] {
  if (view === null) return [[], [span('  Waiting for the daemon …', 'dim')]];
  if (rooms.filter !== '')
    return [[], [span(`  No room has '`), outside(rooms.filter), span(`'; Esc ends the filter.`)]];
  if (readOnly) return [[], [span('  No rooms.')]];
  return [[], [span('  No rooms. '), span('s', 'accent'), span(' puts a file on air.')]];
}

function columnsOf({ counts }: Seen): Column<ViewedRoom>[] {
  return [
    { heading: 'HEALTH', cell: ({ health }) => [healthSpan(health)] },
    { heading: 'ROOM', cell: ({ name }) => [span(name, 'strong')], least: 8 },
    { heading: 'ON AIR', cell: onAirLine, least: 10, from: 60 },
    { heading: 'AT', cell: at, right: true, from: 60 },
    { heading: 'VIEWERS', cell: ({ audience }) => [span(String(audience.viewers))], right: true },
    {
      heading: '',
      cell: ({ name }) => [span(sparkline(counts.get(name) ?? [], sparkColumns), 'accent')],
      from: 78,
    },
    {
      heading: 'BAD',
      cell: ({ audience: { suffering } }) => [span(suffering ? String(suffering) : '', 'bad')],
      right: true,
    },
    { heading: 'LOSS', cell: ({ audience }) => loss(audience.lossPercent), right: true, from: 100 },
    { heading: 'SOURCE', cell: ({ figures }) => rate(figures?.bitrateBps ?? null), right: true, from: 100 },
    { heading: 'OUT', cell: ({ audience }) => rate(audience.bitrateBps), right: true, from: 120 },
    {
      heading: 'WHY',
      cell: ({ health, next }) =>
        health.reason === null
          ? next === null
            ? []
            : [span('next: ', 'dim'), outside(next.words, 'dim')]
          : [outside(health.reason)],
      least: 10,
      from: 120,
    },
  ];
}

function at({ figures }: ViewedRoom): Line {
  return figures === null ? [] : [span(clock(figures.positionMs))];
}

function rate(bps: number | null): Line {
  return [span(bps === null ? '–' : bitrate(bps))];
}

function loss(percent: number | null): Line {
  return [span(figure(percent, 1, '%'), (percent ?? 0) > 2 ? 'bad' : 'plain')];
}
