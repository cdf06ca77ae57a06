import { clock } from '../../../../contract/media-time.ts';
import type { PlaylistStateItem, ProgrammeEntry } from '../../../../contract/programme-state.ts';
import type { ViewedRoom } from '../../../../contract/view/viewed-room.ts';
import { eventWords } from '../../../words/event-words.ts';
import { cureLines, moment, planLines, printable, span as spanOfTime } from '../../../words/format.ts';
import { wrapped } from '../../../words/wrapped.ts';
import { type Line, outside, span, type Tint } from '../line.ts';
import type { Seen } from '../seen.ts';
import type { Pane, State } from '../state.ts';
import { viewersPane } from './viewers-pane.ts';

interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What a pane of a room shows. */
export function paneLines(pane: Pane, state: State, seen: Seen, room: ViewedRoom, size: Size): Line[] {
  if (pane === 'viewers') return viewersPane(state, seen, room, size);
  const all = { programme, publishers, plan, events }[pane](room, seen, size.columns);
  const isFocus = state.place.at === 'room' && state.place.pane === pane;
  const top = isFocus ? Math.min(state.top, Math.max(0, all.length - size.rows)) : 0;
  return all.slice(top, top + size.rows);
}

function programme({ programme, playlist }: ViewedRoom, { now }: Seen): Line[] {
  if (programme === null) return [[span('Nothing is on air.', 'dim')]];
  return [
    ...programme.entries.map((entry) => entryLine(entry, now)),
    ...(playlist === null
      ? []
      : [
          [],
          [
            span(`${playlist.count} items, round ${playlist.round + 1}`, 'dim'),
            span(`${playlist.loop ? ', again and again' : ''}${playlist.shuffle ? ', shuffled' : ''}`, 'dim'),
          ],
          ...playlist.items.map((item, at) => itemLine(item, playlist.first + at, now)),
        ]),
  ];
}

const entryTints: Readonly<Record<ProgrammeEntry['state'], Tint>> = {
  ...{ idle: 'dim', starting: 'accent', ready: 'plain', onAir: 'good', away: 'warn', failed: 'bad' },
};

function entryLine(entry: ProgrammeEntry, now: number): Line {
  const { words, state, reason, lost, lacks, place } = entry;
  const sign = state === 'onAir' ? '● ' : '  ';
  return [
    span(sign, 'good'),
    span(entry.entry.padEnd(11), 'dim'),
    span((state === 'onAir' ? 'on air' : state).padEnd(9), entryTints[state]),
    outside(words),
    ...(place === null || state === 'onAir' ? [] : [span(`  goes on at ${clock(place.positionMs)}`, 'dim')]),
    ...(lacks.length > 0 ? [span(`  without ${lacks.join(' and ')}`, 'warn')] : []),
    ...(reason === null ? [] : [span('  '), outside(reason, 'warn')]),
    ...(lost === null
      ? []
      : [outside(`  lost ${lost.times}×, ${spanOfTime(now - Date.parse(lost.at))} ago`, 'dim')]),
  ];
}

const itemTints: Readonly<Record<PlaylistStateItem['state'], Tint>> = {
  ...{ played: 'dim', playing: 'good', next: 'accent', waiting: 'plain', skipped: 'warn', folder: 'dim' },
};

function itemLine(
  { words, durationMs, startsAt, state, reason }: PlaylistStateItem,
  index: number,
  now: number,
): Line {
  const tint = itemTints[state];
  return [
    span(`${state === 'playing' ? '▸' : ' '} ${String(index + 1).padStart(4)}  `, tint),
    span((durationMs === null ? '' : clock(durationMs)).padStart(7), 'dim'),
    span(`  ${(startsAt === null ? '' : moment(startsAt, now)).padEnd(8)}  `, 'dim'),
    outside(words, tint),
    ...(reason === null ? [] : [span('  '), outside(reason, 'warn')]),
  ];
}

function publishers({ publishers }: ViewedRoom, { now }: Seen): Line[] {
  if (publishers.length === 0)
    return [[span('Nobody publishes. A stream key for somebody: ', 'dim'), span(':keys create', 'accent')]];
  return publishers.map(({ key, protocol, address, state, standby, since }) => [
    span(state === 'live' ? '● ' : '▲ ', state === 'live' ? 'good' : 'warn'),
    span(key.padEnd(12), 'strong'),
    outside(
      ` ${protocol.padEnd(5)} ${address.padEnd(16)} ${state}, for ${spanOfTime(now - Date.parse(since))}`,
    ),
    ...(standby ? [span(`  waits to be taken: :take ${key}`, 'accent')] : []),
  ]);
}

function plan({ plan, broadcast }: ViewedRoom, _seen: Seen, columns: number): Line[] {
  if (plan === null) return [[span('Nothing is on air.', 'dim')]];
  const kind = broadcast?.source.kind ?? 'file';
  return [...planLines(plan), ...cureLines(plan, kind)]
    .flatMap((line) => wrapped(line, columns))
    .map((line) => [span(line)]);
}

function events({ name }: ViewedRoom, { events, now }: Seen): Line[] {
  const here = events.filter((event) => 'room' in event && event.room === name);
  if (here.length === 0) return [[span('Nothing has happened lately.', 'dim')]];
  return here.map((event) => [
    span(`${moment(event.at, now)}  `, 'dim'),
    span(printable(eventWords(event, now).replace(`${name}: `, '')), eventTint(event.type)),
  ]);
}

function eventTint(type: string): Tint {
  if (/failed|died|quarantined/.test(type)) return 'bad';
  return /away|overloaded|gap|lacks|black|frozen|silent|clipping|skipped|refused|missed|trouble/.test(type)
    ? 'warn'
    : 'plain';
}
