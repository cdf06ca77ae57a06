import { MiroliveError } from '../../contract/errors.ts';
import type { PlaylistState, ProgrammeState } from '../../contract/programme-state.ts';
import { type Context, connect } from '../program/context.ts';
import type { Wish } from '../program/control.ts';
import { mediaTime } from '../program/options.ts';
import { chooseRoom } from '../program/room.ts';
import type { RoomOption, ScheduledAction, Verb } from '../program/verb.ts';
import { cardTextOption } from '../sources/card-options.ts';
import type { ItemFlags } from '../sources/playlist-items.ts';
import { findItem, findPlace } from '../sources/playlist-places.ts';
import { saidFrom } from '../sources/said-from.ts';
import { playlistLine, playlistTable } from '../words/playlist-table.ts';
import { programmeLine } from '../words/programme-words.ts';
import { addCheck } from './playlist-check.ts';

const sources = 'files, addresses, stream keys …; see: mirolive take --help; or playlist files';
const itemWords = 'its number or id, as mirolive playlist show has them';

/** `mirolive playlist …` */
export function add(program: Verb): void {
  const playlist = program.verb('playlist', 'See and change the playlist that is on air.', [
    'mirolive playlist show --room lobby',
    'mirolive playlist add talk.mp4 --room lobby',
  ]);
  playlist
    .verb('show', 'Where it is, what is next, and when each item starts.', [
      'mirolive playlist show --room lobby',
      "mirolive playlist show --json | jq -r '.items[].words'",
    ])
    .inRoom()
    .option('--all', 'all items of a long list, not only those around what plays')
    .does(show);
  timed(
    playlist
      .verb('add', 'Put more items behind the last one.', [
        'mirolive playlist add talk.mp4 --room lobby',
        'mirolive playlist add slate --for 5m --room lobby',
        'mirolive playlist add card:Break --text "Next: {next}" --for 5m --room lobby',
        'mirolive playlist add evening.yaml --room lobby',
      ])
      .argument('<source...>', sources),
  ).does(
    (context, words: readonly string[], options: RoomOption & ItemFlags) =>
      addItems(context, null, words, options),
    async (context, words: readonly string[], options: RoomOption & ItemFlags) => {
      const { itemsFromWords } = await import('../sources/playlist-items.ts');
      return scheduled(options, {
        type: 'add',
        items: await itemsFromWords(words, options, await saidFrom(context)),
      });
    },
  );
  timed(
    playlist
      .verb('insert', 'Put more items at a place.', [
        'mirolive playlist insert next jingle.mp4 --room lobby',
        'mirolive playlist insert 3 talk.mp4 --from 1:30 --to 42:00 --room lobby',
      ])
      .argument('<place>', 'next, last, or the number that the first of them gets')
      .argument('<source...>', sources),
  ).does(addItems);
  playlist
    .verb('move', 'Give an item another place.', [
      'mirolive playlist move 7 next --room lobby',
      'mirolive playlist move i-k3v7qm2xay 2 --room lobby',
    ])
    .inRoom()
    .argument('<item>', itemWords)
    .argument('<place>', 'next, last, or the number that it gets')
    .does((context, item: string, place: string, options: RoomOption) =>
      change(context, options, (list) => {
        const id = findItem(list, item);
        return { type: 'move', item: id, to: findPlace(list, place, id) };
      }),
    );
  playlist
    .verb('remove', 'Take an item out. One that plays is played to its end.', [
      'mirolive playlist remove 3 --room lobby',
      'mirolive playlist remove i-k3v7qm2xay --room lobby',
    ])
    .inRoom()
    .argument('<item>', itemWords)
    .does((context, item: string, options: RoomOption) =>
      change(context, options, (list) => ({ type: 'remove', item: findItem(list, item) })),
    );
  playlist
    .verb('next', 'Go to the next item at once.', ['mirolive playlist next --room lobby'])
    .inRoom()
    .does(
      (context, options: RoomOption) => change(context, options, () => ({ type: 'next' })),
      async (_, options: RoomOption) => scheduled(options, { type: 'next' }),
    );
  playlist
    .verb('previous', 'Go back to the item before.', ['mirolive playlist previous --room lobby'])
    .inRoom()
    .does(
      (context, options: RoomOption) => change(context, options, () => ({ type: 'previous' })),
      async (_, options: RoomOption) => scheduled(options, { type: 'previous' }),
    );
  playlist
    .verb('jump', 'Go to an item at once.', [
      'mirolive playlist jump 4 --room lobby',
      'mirolive playlist jump i-k3v7qm2xay --room lobby',
    ])
    .inRoom()
    .argument('<item>', itemWords)
    .does((context, item: string, options: RoomOption) =>
      change(context, options, (list) => ({ type: 'jump', item: findItem(list, item) })),
    );
  addCheck(playlist);
}

function scheduled({ room }: RoomOption, command: Wish): ScheduledAction {
  return { room, what: { call: 'control', params: { command } } };
}

function timed(verb: Verb): Verb {
  return verb
    .inRoom()
    .option('--from <time>', 'where in the source it begins, such as 1:30', mediaTime)
    .option('--to <time>', 'where in the source it ends', mediaTime)
    .option('--for <time>', 'how long it plays at most', mediaTime)
    .option('--title <title>', 'what it is called')
    .addOption(cardTextOption());
}

async function show(context: Context, options: RoomOption & { readonly all?: boolean }): Promise<undefined> {
  const { output } = context;
  const client = await connect(context);
  const room = await chooseRoom(client, options);
  const state = await client.call('getProgramme', { room, all: options.all ?? false });
  const playlist = playlistOf(state, room);
  const now = Date.now();
  output.show(playlist, () => [
    programmeLine(room, state, now, output.paint),
    ...playlistTable(playlist, now, output.paint),
  ]);
}

/** @param place where the first of them goes; null: behind the last one */
async function addItems(
  context: Context,
  place: string | null,
  words: readonly string[],
  options: RoomOption & ItemFlags,
): Promise<undefined> {
  // Loaded here: YAML and schemas take their time.
  const { itemsFromWords } = await import('../sources/playlist-items.ts');
  const items = await itemsFromWords(words, options, await saidFrom(context));
  return change(context, options, (playlist) => {
    return { type: 'add', items, at: place === null ? null : findPlace(playlist, place) };
  });
}

/** Sends what is to be done with the playlist that is there now, and shows where it is then. */
async function change(
  context: Context,
  options: RoomOption,
  commandFor: (playlist: PlaylistState) => Wish,
): Promise<undefined> {
  const { output } = context;
  const client = await connect(context);
  const room = await chooseRoom(client, options);
  // Items are named by their numbers in all of it.
  const before = playlistOf(await client.call('getProgramme', { room, all: true }), room);
  const state = await client.call('control', { room, command: commandFor(before) });
  const playlist = playlistOf(state, room);
  const now = Date.now();
  output.show(playlist, () => [programmeLine(room, state, now, output.paint), playlistLine(playlist, now)]);
}

function playlistOf({ playlist }: ProgrammeState, room: string): PlaylistState {
  if (playlist !== null) return playlist;
  throw new MiroliveError('NO_PLAYLIST', `no playlist is on air in room ${room}`, { details: { room } });
}
