import type { Suffering, Viewer } from '../../../../contract/models.ts';
import type { ViewedRoom } from '../../../../contract/view/viewed-room.ts';
import { bitrate, span as spanOfTime } from '../../../words/format.ts';
import { type Column, grid } from '../grid.ts';
import { type Line, outside, span } from '../line.ts';
import { chosenAt, listedViewers, type Seen } from '../seen.ts';
import type { State } from '../state.ts';
import { figure } from './room-words.ts';

/** Who watches a room, and how well. */
export function viewersPane(
  state: State,
  seen: Seen,
  { name }: ViewedRoom,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): Line[] {
  const viewers = listedViewers(seen, name, state.viewers);
  if (viewers.length === 0)
    return [[span(state.viewers.filter === '' ? 'Nobody watches.' : 'Nobody such watches.', 'dim')]];
  const chosen = chosenAt(
    viewers.map(({ id }) => id),
    state.viewers,
  );
  const some = { guests: viewers.some(({ link }) => link != null), hands: viewers.some(({ hand }) => hand) };
  return grid(columnsOf(seen.now, some), viewers, { width: columns, height: rows, chosen });
}

/** @param some whether some came by a watch link: by which says more of them than how, and with what; and whether some have a hand up */
function columnsOf(
  now: number,
  { guests, hands }: { readonly guests: boolean; readonly hands: boolean },
): Column<Viewer>[] {
  return [
    { heading: 'ID', cell: ({ id }) => [span(id)] },
    { heading: 'STATE', cell: stateOf },
    ...(hands
      ? [{ heading: 'HAND', cell: ({ hand }: Viewer) => [outside(hand?.name ?? '')], least: 4 }]
      : []),
    { heading: 'QUALITY', cell: quality, from: 60 },
    {
      heading: 'RATE',
      cell: ({ bitrateBps }) => [span(bitrateBps === null ? '–' : bitrate(bitrateBps))],
      ...{ right: true, from: 60 },
    },
    { heading: 'LOSS', cell: ({ lossPercent }) => [span(figure(lossPercent, 1, '%'))], right: true },
    {
      heading: 'RTT',
      cell: ({ roundTripMs }) => [span(figure(roundTripMs, 0, 'ms'))],
      ...{ right: true, from: 60 },
    },
    { heading: 'FREEZES', cell: freezesOf, right: true },
    {
      heading: 'SINCE',
      cell: ({ joinedAt }) => [span(spanOfTime(now - Date.parse(joinedAt)))],
      ...{ right: true, from: 70 },
    },
    ...(guests ? [{ heading: 'LINK', cell: ({ link }: Viewer) => [span(link ?? '–')], from: 100 }] : []),
    { heading: 'ADDRESS', cell: ({ address }) => [outside(address)], least: 8, from: 60 },
    { heading: 'BY', cell: ({ kind }) => [span(kind)], from: guests ? 110 : 70 },
    {
      heading: 'BROWSER',
      cell: ({ userAgent }) => [outside(userAgent ?? '–')],
      ...{ least: 8, from: guests ? 120 : 90 },
    },
  ];
}

/** What it suffers says more than that it plays. */
function stateOf({ state, suffers }: Viewer): Line {
  // A daemon of an earlier build does not tell.
  if (suffers != null) return [span(sufferingWords[suffers], 'bad')];
  return [span(state, state === 'playing' ? 'good' : 'warn')];
}

const sufferingWords: Readonly<Record<Suffering, string>> = {
  ...{ connecting: 'no way in', picture: 'no picture', loss: 'loses', frozen: 'freezes' },
};

/** How often since it came, and which share of the last minute. */
function freezesOf({ freezes, frozenPercent }: Viewer): Line {
  const share = frozenPercent ? ` ${figure(frozenPercent, 0, '%')}` : '';
  return [span(`${freezes ?? '–'}${share}`)];
}

function quality({ picture, rendition }: Viewer): Line {
  return picture ? [span(rendition ?? '–')] : [span('no picture', 'bad')];
}
