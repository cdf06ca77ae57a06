import { bitrate, count, moment, span as spanOfTime } from '../../../words/format.ts';
import { textWidth } from '../../../words/text-width.ts';
import { ends, fitted, inRows, type Line, lineWidth, outside, span } from '../line.ts';
import { outputRows } from '../output-rows.ts';
import { sayingWords } from '../saying.ts';
import { listedRooms, roomOf, roomOrders, type Seen, viewerOrders } from '../seen.ts';
import { isTooSmall, type State } from '../state.ts';
import { whereIs } from '../update.ts';
import { machineScreen } from './machine.ts';
import { candidateLines, helpScreen, keyLine, outputScreen, tooSmall } from './overlays.ts';
import { overview } from './overview.ts';
import { roomScreen } from './room.ts';
import { healthTint } from './room-words.ts';

/** The reason for what is chosen takes so many lines at most. */
const mostReasonLines = 3;

/** The whole screen, line by line, each of them as wide as the screen. Pure. */
export function frame(state: State, seen: Seen): Line[] {
  const { columns, rows } = state.size;
  if (isTooSmall(state)) return tooSmall(state.size);
  const head = [headLine(state, seen), ...troubleLines(seen)];
  const foot = [...footLines(state, seen), keyLine(state, whereIs(state))];
  const body = rows - head.length - foot.length;
  return [...head, ...inRows(bodyOf(state, seen, body), body), ...foot].map((line) => [
    ...fitted(line, columns),
  ]);
}

function bodyOf(state: State, seen: Seen, rows: number): readonly Line[] {
  const { place, over } = state;
  if (over.is === 'help') return helpScreen(state, whereIs(state), over.top, rows);
  if (over.is === 'output') return outputScreen(over, rows);
  if (over.is === 'still')
    return over.picture === null
      ? [[], [span('  The picture is on its way …', 'dim')]]
      : over.picture === 'drawn'
        ? []
        : over.picture;
  if (place.at === 'machine') return machineScreen(state, seen, rows);
  if (place.at === 'rooms') return overview(state, seen, rows);
  return roomScreen(state, seen, place.room, place.pane, rows);
}

function headLine(state: State, { view, link, now }: Seen): Line {
  const lost: Line =
    link.is === 'lost' ? [span(` lost for ${spanOfTime(now - link.since)}, trying `, 'bad')] : [];
  const headOf = (left: Line) => {
    const space = state.size.columns - lineWidth([...left, ...lost]);
    return ends(left, [...modeLine(state, space), ...lost], state.size.columns);
  };
  if (view === null) return headOf([span('mirolive', 'strong')]);
  const rooms = Object.values(view.rooms);
  const live = rooms.filter(({ broadcast }) => broadcast !== null).length;
  const viewers = rooms.reduce((sum, { audience }) => sum + audience.viewers, 0);
  const { cpuPercent, egressBps } = view.machine;
  const figures = [
    `${count(rooms.length, 'room')}, ${live} on air`,
    count(viewers, 'viewer'),
    ...(egressBps === null ? [] : [`${bitrate(egressBps)} out`]),
    ...(cpuPercent === null ? [] : [`cpu ${cpuPercent.toFixed(0)} %`]),
  ];
  const place: Line = state.place.at === 'machine' ? [span('  machine', 'accent')] : [];
  return headOf([span('mirolive', 'strong'), ...place, span(`  ${figures.join('   ')}`)]);
}

/** What whoever looks may less than others; several rooms by their names where there is room for these. */
function modeLine({ readOnly, rights }: State, space: number): Line {
  const rooms = rights?.rooms ?? [];
  const [only] = rooms;
  const mode = readOnly ? [span(' read-only ', 'warn')] : [];
  if (only === undefined) return mode;
  const named = [span(` only ${rooms.join(', ')} `, 'dim'), ...mode];
  if (rooms.length === 1 || lineWidth(named) <= space) return named;
  return [span(` only ${count(rooms.length, 'room')} `, 'dim'), ...mode];
}

/** What is wrong with the daemon itself, wherever one looks. */
function troubleLines({ view, link, now }: Seen): Line[] {
  const parts = (view?.daemon.degraded ?? [])
    .slice(0, 2)
    .map(
      ({ part, reason, since }): Line => [
        outside(`✗ ${part} is missing since ${moment(since, now)}: ${reason}`, 'bad'),
      ],
    );
  return link.is === 'lost' ? [[outside(`✗ ${link.reason}`, 'bad')], ...parts] : parts;
}

/** What is asked or typed, else what was said last, else why the chosen room is as it is. */
function footLines(state: State, seen: Seen): Line[] {
  const { over, said, size } = state;
  if (over.is === 'asks') return [questionLine(over.words, size.columns)];
  if (over.is === 'says') return [promptLine(sayingWords(over.to), over.prompt, size.columns)];
  if (over.is === 'types') {
    const above = over.what === 'command' ? candidateLines(over, size.columns, size.rows - 8) : [];
    return [...above, promptLine(over.what === 'command' ? ':' : '/', over.prompt, size.columns)];
  }
  if (over.is === 'output') {
    const { status, command } = over;
    const end =
      status === null
        ? span(' runs …', 'accent')
        : status === 0
          ? span(' done', 'good')
          : span(` ended with ${status}`, 'bad');
    return [[span(':', 'dim'), outside(command), end]];
  }
  if (over.is === 'still') return [[span(`${over.room}, as it was just now`, 'dim')]];
  if (said) return [[outside(said.text, said.tint)]];
  return statusLines(state, seen);
}

function statusLines({ place, rooms, viewers, size }: State, seen: Seen): Line[] {
  const filter =
    place.at === 'rooms'
      ? rooms.filter
      : place.at === 'room' && place.pane === 'viewers'
        ? viewers.filter
        : '';
  const filtered: Line = filter === '' ? [] : [span('  only ', 'dim'), outside(filter, 'accent')];
  if (place.at === 'room' && place.pane === 'viewers')
    return [[span(`by ${viewerOrders[viewers.order % viewerOrders.length]}`, 'dim'), ...filtered]];
  if (place.at !== 'rooms') return [[]];
  const order: Line = [span(`by ${roomOrders[rooms.order % roomOrders.length]}`, 'dim'), ...filtered];
  const room = rooms.chosen === null ? null : roomOf(seen, rooms.chosen);
  if (
    !room ||
    !listedRooms(seen, rooms).some(({ name }) => name === room.name) ||
    room.health.reason === null
  )
    return [order];
  const words = `  ${room.name}: ${room.health.reason}`;
  const tint = healthTint(room.health);
  if (lineWidth(order) + textWidth(words) <= size.columns) return [[...order, outside(words, tint)]];
  const lines = outputRows([words.trimStart()], size.columns).slice(0, mostReasonLines);
  return [order, ...lines.map((line): Line => [span(line, tint)])];
}

/** What is asked, shortened where the answers would have no place. */
function questionLine(words: string, columns: number): Line {
  const question = [outside(words, 'warn')];
  const answers = span(' y/n', 'strong');
  const space = columns - answers.text.length;
  return [...(lineWidth(question) > space ? fitted(question, space) : question), answers];
}

/** The line with its cursor; of one that is too long, the part around that. */
function promptLine(
  sign: string,
  { text, at }: { readonly text: string; readonly at: number },
  columns: number,
): Line {
  const from = Math.max(0, at - (columns - sign.length - 3));
  return [
    span(sign, 'accent'),
    outside(text.slice(from, at)),
    outside(text.slice(at, at + 1) || ' ', 'chosen'),
    outside(text.slice(at + 1)),
  ];
}
