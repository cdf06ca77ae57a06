import type { ChangedKey } from '../../contract/reloaded.ts';
import type { RoomDetails } from '../../contract/room-details.ts';
import { withoutSecretsIn } from '../../contract/source-words.ts';
import { count, moment, type Paint, printable, table } from './format.ts';

type RoomSetting = RoomDetails['settings'][number];

/** What holds in a room, key by key. @param dayparts what is odd about its day's programme */
export function roomLines(
  room: RoomDetails,
  dayparts: readonly string[],
  now: number,
  paint: Paint,
): string[] {
  const rows = room.settings.map((one) => [one.key, settingWords(one.value), originWords(one, now)]);
  const problems = room.problems.map(({ message }) => paint('red', `does not hold: ${printable(message)}`));
  return [
    `${room.name}: ${room.state}, ${count(room.viewers, 'viewer')}, ${room.watchUrl}`,
    ...declaredLines(room),
    ...entryLines(room, paint),
    ...problems,
    ...dayparts.map((problem) => paint('yellow', `dayparts: ${problem}`)),
    '',
    ...table(['KEY', 'VALUE', 'FROM'], rows, paint),
  ];
}

/** Keys that were changed, and from when on they hold. */
export function changedLines(found: readonly ChangedKey[], paint: Paint): string[] {
  const rows = found.map(({ key, holds }) => [
    printable(key),
    holds === 'restart' ? paint('yellow', holdsWords[holds]) : holdsWords[holds],
  ]);
  return table(['KEY', 'HOLDS'], rows, paint);
}

const holdsWords: Readonly<Record<ChangedKey['holds'], string>> = {
  now: 'from now on',
  'next broadcast': 'from the next broadcast of a room on',
  restart: 'needs a restart of the daemon',
};

function entryLines({ name, entry }: RoomDetails, paint: Paint): string[] {
  if (entry === 'open') return [];
  if (entry === 'link')
    return [`For guests: who has a link is let in. Make one: mirolive link --room ${name}`];
  if (entry === 'closed')
    return [`Closed: viewers are not let in. Open it: mirolive rooms set ${name} access=open`];
  return [
    paint(
      'red',
      'Lets nobody in: the state is lost, or cannot be read, and the configuration does not give its access.',
    ),
    'See what there is: mirolive state check',
  ];
}

function declaredLines({ name, inFile, made, appliedBy, settings }: RoomDetails): string[] {
  if (made) return [`It was made, and stays until somebody deletes it: mirolive rooms delete ${name}`];
  if (appliedBy !== null) return [`Declared by ${printable(appliedBy)}, which was applied.`];
  if (inFile) return [];
  return settings.some(({ from }) => from === 'set')
    ? ['The configuration has no such room.']
    : ['Nobody has declared this room: all is as it is by default.'];
}

function originWords({ from, by, at, file }: RoomSetting, now: number): string {
  if (from !== 'set') return from;
  const who = by === undefined ? '' : ` by ${printable(by)}`;
  const when = at === undefined ? '' : `, ${moment(at, now)}`;
  return `set${who}${when}${file === undefined ? '' : `; file says ${settingWords(file)}`}`;
}

/** A value as it could be typed, without what often is secret. */
function settingWords(value: unknown): string {
  if (typeof value === 'string') return printable(withoutSecretsIn(value));
  const hidden = (key: string, inner: unknown) =>
    key === 'headers' && inner !== null ? Object.keys(inner as object).join(', ') : inner;
  return printable(withoutSecretsIn(JSON.stringify(value, hidden)));
}
