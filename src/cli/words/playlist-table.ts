import { clock } from '../../contract/media-time.ts';
import type { PlaylistState, PlaylistStateItem } from '../../contract/programme-state.ts';
import { moment, type Paint, printable, table } from './format.ts';

const style = {
  playing: 'green',
  next: 'cyan',
  skipped: 'yellow',
  played: 'dim',
  waiting: null,
  folder: null,
} as const;

/** A playlist: where it is, and each item with when it starts by this machine's clock. */
export function playlistTable(playlist: PlaylistState, now: number, paint: Paint): string[] {
  const rows = playlist.items.map((item, place) =>
    row(item, playlist.first + place, now).map((cell) => painted(cell, item, paint)),
  );
  const heading = ['', '#', 'ID', 'STARTS', 'LENGTH', 'STATE', 'ITEM'];
  const { count, items } = playlist;
  const more = items.length < count ? ['', `${count - items.length} more: mirolive playlist show --all`] : [];
  return [playlistLine(playlist, now), '', ...table(heading, rows, paint), ...more];
}

/** Where it is and what is next, in one line. */
export function playlistLine(
  { index, items, count, round, loop, shuffle }: PlaylistState,
  now: number,
): string {
  const next = items.find(({ state }) => state === 'next');
  const start = next?.startsAt ? ` at ${moment(next.startsAt, now)}` : '';
  const parts = [
    index === null ? `no item of ${count} plays` : `item ${index + 1} of ${count}`,
    ...(loop ? [`round ${round + 1}, looped`] : []),
    ...(shuffle ? ['shuffled'] : []),
    next === undefined ? 'nothing is next' : `next: ${printable(next.words)}${start}`,
  ];
  return `playlist: ${parts.join(', ')}`;
}

function row(item: PlaylistStateItem, place: number, now: number): string[] {
  const why = item.reason === null ? '' : ` (${printable(item.reason)})`;
  return [
    item.state === 'playing' ? '▶' : '',
    String(place + 1),
    item.item,
    item.startsAt === null ? '' : moment(item.startsAt, now),
    lengthWords(item.durationMs),
    item.state,
    printable(item.words) + why,
  ];
}

/** Nothing comes of what cannot be opened: its length is 0. */
function lengthWords(durationMs: number | null): string {
  if (durationMs === null) return '';
  return durationMs === 0 ? '-' : clock(durationMs);
}

function painted(cell: string, { state }: PlaylistStateItem, paint: Paint): string {
  const color = style[state];
  return color === null || cell === '' ? cell : paint(color, cell);
}
