import { MiroliveError } from '../../contract/errors.ts';
import { type Context, connect } from '../program/context.ts';
import { showList } from '../program/list.ts';
import { warnOfRoom } from '../program/room.ts';
import type { Verb, WatchOption } from '../program/verb.ts';
import { roomTable } from '../words/broadcast-tables.ts';
import { count } from '../words/format.ts';
import { changedLines, roomLines } from '../words/setting-table.ts';

/** `mirolive rooms` and `mirolive rooms show|set|unset|create|delete` */
export function add(program: Verb): void {
  const rooms = program.verb(
    'rooms',
    'Rooms: those that were made, or have a broadcast or viewers, and what is set for one.',
    [
      'mirolive rooms',
      'mirolive rooms --watch',
      "mirolive rooms --json | jq -r '.[].name'",
      'mirolive rooms show lobby',
      "mirolive rooms create berlin 'title=Town hall Berlin'",
    ],
  );
  rooms.watched().does(list);
  rooms
    .verb('show', 'What holds in a room, key by key: by default, from the configuration, or set over it.', [
      'mirolive rooms show lobby',
      'mirolive rooms show lobby --json | jq \'.settings[] | select(.from == "set")\'',
    ])
    .argument('<room>', 'its name')
    .does(show);
  rooms
    .verb(
      'set',
      'Set keys of a room over what the configuration says, for good: in its words, all of them or none.',
      [
        'mirolive rooms set lobby access=closed',
        'mirolive rooms set lobby reconnectGrace=2m',
        "mirolive rooms set lobby alwaysOn=true 'slate.text=Back at nine'",
        "mirolive rooms set lobby 'fallback=[publisher: cam2, file: /srv/loop.mp4]'",
      ],
    )
    .argument('<room>', 'its name')
    .argument('<setting...>', 'key=value, such as hold=10s')
    .does(set);
  rooms
    .verb('unset', 'Set keys of a room no more: what the configuration says holds again.', [
      'mirolive rooms unset lobby reconnectGrace',
      'mirolive rooms unset lobby slate',
      'mirolive rooms unset lobby --all',
    ])
    .argument('<room>', 'its name')
    .argument('[setting...]', 'keys, or sections of them, such as slate')
    .option('--all', 'all that was set of the room')
    .does(unset);
  rooms
    .verb('create', 'Make a room that stays, whether anybody is in it or not, and print its address.', [
      'mirolive rooms create berlin',
      "mirolive rooms create berlin access=link 'title=Town hall Berlin'",
      'mirolive rooms create berlin --json | jq -r .watchUrl',
    ])
    .argument('<room>', 'its name: 1 to 63 of a-z, 0-9 and -')
    .argument('[setting...]', 'key=value, such as access=link, as of rooms set')
    .does(create);
  rooms
    .verb('delete', 'Delete a room that was made, with what was set of it. What has happened stays known.', [
      'mirolive rooms delete berlin',
      'mirolive rooms delete berlin --revoke',
    ])
    .argument('<room>', 'its name')
    .option('--revoke', 'revoke its stream keys and watch links, too')
    .does(remove);
}

function list(context: Context, { watch = false }: WatchOption): Promise<number> {
  return showList(context, watch, {
    asked: (client) => client.call('listRooms', {}),
    viewed: (view, { viewedRooms }) => viewedRooms(view),
    words: (rooms) => roomTable(rooms, context.output.paint, context.output.columns - 1),
  });
}

async function show(context: Context, room: string): Promise<undefined> {
  const details = await (await connect(context)).call('getRoom', { room });
  const { daypartWords } = await import('../words/daypart-words.ts');
  const { output } = context;
  output.show(details, () => roomLines(details, daypartWords(details), Date.now(), output.paint));
}

async function set(context: Context, room: string, settings: readonly string[]): Promise<undefined> {
  const given = await settingsOf(settings);
  const client = await connect(context);
  await warnOfRoom(context, room);
  const changed = await client.call('setRoom', { room, set: given });
  context.output.show(changed, () =>
    changed.length === 0
      ? [`Nothing has changed: room ${room} is set so already.`]
      : changedLines(changed, context.output.paint),
  );
}

async function unset(
  context: Context,
  room: string,
  keys: readonly string[],
  { all = false }: { readonly all?: boolean },
): Promise<undefined> {
  if (keys.length > 0 === all)
    throw new MiroliveError('USAGE', 'expected keys that are to be unset, or --all', {
      hint: `See what is set: mirolive rooms show ${room}`,
    });
  const client = await connect(context);
  const changed = await client.call('setRoom', all ? { room, set: null } : { room, unset: [...keys] });
  context.output.show(changed, () =>
    changed.length === 0
      ? [`Nothing has changed: nothing of that was set in room ${room}.`]
      : changedLines(changed, context.output.paint),
  );
}

async function create(context: Context, room: string, settings: readonly string[]): Promise<undefined> {
  const given = await settingsOf(settings);
  const made = await (await connect(context)).call('createRoom', { room, set: given });
  context.output.show(made, () => [
    `Made room ${room}: ${made.watchUrl}`,
    ...(made.entry === 'link' ? [`Who may come in has a link: mirolive link --room ${room}`] : []),
    ...(made.entry === 'closed' ? [`Let viewers in: mirolive rooms set ${room} access=open`] : []),
  ]);
}

async function remove(
  context: Context,
  room: string,
  { revoke = false }: { readonly revoke?: boolean },
): Promise<undefined> {
  const deleted = await (await connect(context)).call('deleteRoom', { room, revoke });
  const { keys, links, viewers } = deleted;
  const revoked = [
    ...(keys > 0 ? [count(keys, 'stream key')] : []),
    ...(links > 0 ? [count(links, 'watch link')] : []),
  ];
  context.output.show(deleted, () => [
    `Deleted room ${room}.${revoked.length > 0 ? ` Revoked: ${revoked.join(', ')}.` : ''}`,
    ...(viewers > 0 ? [`${count(viewers, 'viewer')} still at its address: mirolive viewers`] : []),
  ]);
}

/** @throws MiroliveError USAGE */
async function settingsOf(settings: readonly string[]): Promise<Record<string, unknown>> {
  const { settingFromText } = await import('../../contract/setting-from-text.ts');
  const pairs = settings.map((setting) => {
    const [, key, text] = /^([^=]+)=(.*)$/s.exec(setting) ?? [];
    if (key === undefined || text === undefined) throw notAPair(setting);
    return [key, settingFromText(key, text)] as const;
  });
  return Object.fromEntries(pairs);
}

function notAPair(setting: string): MiroliveError {
  return new MiroliveError('USAGE', `expected a key with its value, such as hold=10s, got ${setting}`, {
    hint: 'See which keys there are: mirolive rooms show ROOM',
  });
}
