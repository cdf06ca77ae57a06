import { contentWords } from '../../../../contract/content-words.ts';
import { clock } from '../../../../contract/media-time.ts';
import type { ViewedRoom } from '../../../../contract/view/viewed-room.ts';
import { bitrate, count, moment, span as spanOfTime } from '../../../words/format.ts';
import { bar, meter, sparkline } from '../bars.ts';
import { beside, ends, inRows, type Line, lineWidth, outside, span } from '../line.ts';
import { outputRows } from '../output-rows.ts';
import { roomOf, type Seen } from '../seen.ts';
import { type Pane, panes, type State } from '../state.ts';
import { paneLines } from './panes.ts';
import { figure, healthSpan, onAirLine } from './room-words.ts';

/** Below so many columns, words are worth more than a graph. */
const narrow = 70;
/** From so many columns on, two panes stand beside each other. */
const wide = 130;
/** A longer bar says no more, a shorter one nothing, in columns. */
const [minBar, maxBar] = [5, 60];
/** The pane has so many rows at least. */
const leastPane = 5;

/** One room: how it is, then a pane; on a wide screen another one beside it. */
export function roomScreen(state: State, seen: Seen, name: string, pane: Pane, rows: number): Line[] {
  const { columns } = state.size;
  const room = roomOf(seen, name);
  if (!room)
    return seen.view === null
      ? [[], [span('  Waiting for the daemon …', 'dim')]]
      : [
          [],
          [
            span(`  ${name} has nothing on air, no publisher and no viewer. `),
            ...(state.readOnly ? [] : [span('s', 'accent'), span(' puts a file on air, ')]),
            span('Esc', 'accent'),
            span(' goes back.'),
          ],
        ];
  // On a small screen what is in the pane is worth more than the last of the figures.
  const head = [
    ...headOf(room, seen, columns).slice(0, Math.max(2, rows - leastPane - 1)),
    tabs(room, pane, columns),
  ];
  const left = rows - head.length;
  if (columns < wide) return [...head, ...paneLines(pane, state, seen, room, { columns, rows: left })];
  const second = pane === 'events' ? 'programme' : 'events';
  const first = Math.floor((columns - 1) * 0.6);
  const others = columns - 1 - first;
  const title: Line = [span(titles[second], 'dim')];
  return [
    ...head,
    ...beside([
      {
        lines: inRows(paneLines(pane, state, seen, room, { columns: first, rows: left }), left),
        columns: first,
      },
      {
        lines: [title, ...paneLines(second, state, seen, room, { columns: others, rows: left - 1 })],
        columns: others,
      },
    ]),
  ];
}

const titles: Readonly<Record<Pane, string>> = {
  ...{ programme: 'Programme', viewers: 'Viewers', publishers: 'Publishers', plan: 'Plan', events: 'Events' },
};

function tabs({ audience, publishers }: ViewedRoom, pane: Pane, columns: number): Line {
  const numbers: Partial<Record<Pane, number>> = { viewers: audience.viewers, publishers: publishers.length };
  const tabsOf = (letters: number) =>
    panes.flatMap((one): Line => {
      const [title, number] = [titles[one].slice(0, letters), numbers[one]];
      const words = number === undefined ? title : `${title} ${number}`;
      return [span(` ${words} `, one === pane ? 'chosen' : 'dim'), span(' ')];
    });
  const whole = tabsOf(Number.POSITIVE_INFINITY);
  return lineWidth(whole) <= columns ? whole : tabsOf(4);
}

function headOf(room: ViewedRoom, { counts, now }: Seen, columns: number): Line[] {
  const { health, onAir, audience, broadcast, content, next, programme } = room;
  const since = onAir === null ? '' : `  for ${spanOfTime(now - Date.parse(onAir.since))}`;
  const watching = [
    span(columns < narrow ? '' : `${sparkline(counts.get(room.name) ?? [], 20)} `, 'accent'),
    span(count(audience.viewers, 'viewer')),
    ...(audience.suffering ? [span(`, ${audience.suffering} have it bad`, 'bad')] : []),
  ];
  const set: Line = [
    ...(programme?.paused ? [span('  paused', 'warn')] : []),
    ...(programme?.muted ? [span('  muted', 'warn')] : []),
    ...(programme && programme.volumePercent !== 100
      ? [span(`  volume ${programme.volumePercent} %`, 'warn')]
      : []),
  ];
  const is: Line = [span(room.name, 'strong'), span('  '), healthSpan(health), span('  ')];
  const reason: Line = [outside(health.reason ?? '')];
  const fits = lineWidth([...is, ...reason, ...watching]) <= columns;
  const below = fits || health.reason === null ? [] : outputRows([health.reason], columns);
  return [
    ends(fits ? [...is, ...reason] : is, watching, columns),
    ...below.map((line): Line => [span(line)]),
    ends(
      [span('on air '), ...onAirLine(room), span(since, 'dim'), ...set],
      broadcast?.kept ? [span('kept', 'dim')] : [],
      columns,
    ),
    progress(room, columns),
    nextLine(next, now),
    ...soundLines(room, columns),
    figuresLine(room),
    reachesLine(room),
    ...(content?.wrong ?? []).map(
      (one): Line => [
        outside(
          `${contentWords(onAir?.words ?? '', one)} for ${spanOfTime(now - Date.parse(one.since))}`,
          'warn',
        ),
      ],
    ),
    ...(broadcast?.advice ? [[span('advice ', 'warn'), outside(broadcast.advice)]] : []),
  ];
}

function progress({ figures, item }: ViewedRoom, columns: number): Line {
  if (figures === null) return [span('at     –', 'dim')];
  const { positionMs, durationMs } = figures;
  const list = item && item.count > 1 ? `  item ${item.index + 1} of ${item.count}` : '';
  if (durationMs === null) return [span(`at     ${clock(positionMs)}${list}`)];
  const times = ` ${clock(positionMs)} / ${clock(durationMs)}${list}`;
  const length = Math.min(maxBar, Math.max(minBar, columns - times.length - 7));
  return [span('at     '), ...bar(positionMs / Math.max(1, durationMs), length), span(times)];
}

function nextLine(next: ViewedRoom['next'], now: number): Line {
  if (next === null) return [span('next   nothing', 'dim')];
  const when = next.at === null ? '' : ` at ${moment(next.at, now)}`;
  return [
    span('next   '),
    outside(next.words),
    span(`${when}${next.from === 'schedule' ? ' by schedule' : ''}`, 'dim'),
  ];
}

function soundLines({ levels, onAir }: ViewedRoom, columns: number): Line[] {
  const length = Math.min(maxBar, Math.max(minBar, columns - 40));
  if (levels === null) return [[span(`sound  –  ${onAir === null ? '' : unheard(onAir.entry)}`, 'dim')]];
  const figures = ` peak ${levels.peakDb.toFixed(0)} dB, mean ${levels.loudnessDb.toFixed(0)} dB`;
  return [[span('sound  '), ...meter(levels.loudnessDb, length), span(figures)]];
}

/** Why nobody knows how loud it is. */
function unheard(entry: string): string {
  if (entry === 'slate' || entry === 'nothing') return 'nothing of a source is on air';
  return 'nothing is heard yet, or content.silent and content.clipping are off';
}

function figuresLine({ figures }: ViewedRoom): Line {
  if (figures === null) return [span('sends  –', 'dim')];
  return [
    span(`sends  ${figures.fps.toFixed(0)} fps  ${bitrate(figures.bitrateBps)}  `),
    span(`${(figures.bufferedMs / 1000).toFixed(1)} s buffered`, figures.bufferedMs < 300 ? 'warn' : 'plain'),
    ...(figures.restarts > 0 ? [span(`  ${count(figures.restarts, 'restart')}`, 'warn')] : []),
    ...(figures.slates > 0 ? [span(`  slate ${count(figures.slates, 'time')}`, 'warn')] : []),
  ];
}

/** What reaches viewers: of the one in the middle, and of the worst. */
function reachesLine({ audience, renditions }: ViewedRoom): Line {
  const { bitrateBps, lossPercent, worstLossPercent, roundTripMs } = audience;
  const shares = renditions
    .toReversed()
    .map((name) =>
      Object.hasOwn(audience.renditions, name) ? `${name} ${audience.renditions[name]}` : name,
    );
  return [
    span(`out    ${bitrateBps === null ? '–' : bitrate(bitrateBps)}  loss `),
    span(figure(lossPercent, 1, '%'), (lossPercent ?? 0) > 2 ? 'bad' : 'plain'),
    // A daemon of an earlier build does not tell of the worst.
    ...(worstLossPercent ? [span(` (worst ${figure(worstLossPercent, 1, '%')})`)] : []),
    span(`  RTT ${figure(roundTripMs, 0, 'ms')}`),
    span(shares.length > 1 ? `  ${shares.join(', ')}` : '', 'dim'),
  ];
}
