import type { CallParams } from '../../contract/api.ts';
import { MiroliveError } from '../../contract/errors.ts';
import type { PlaylistState, ProgrammeState } from '../../contract/programme-state.ts';
import { type Context, connect } from '../context.ts';
import { type ItemFlags, itemsFromWords } from '../playlist-items.ts';
import { findItem, findPlace } from '../playlist-places.ts';
import { playlistLine, playlistTable } from '../playlist-table.ts';
import { programmeLine } from '../programme-words.ts';
import { chooseRoom, type RoomOption } from '../room-choice.ts';

type Command = CallParams<'control'>['command'];

/** `mirolive playlist show` */
export async function show(context: Context, options: RoomOption): Promise<undefined> {
  const { output } = context;
  const client = await connect(context);
  const room = await chooseRoom(client, options);
  const state = await client.call('getProgramme', { room });
  const playlist = playlistOf(state, room);
  const now = Date.now();
  output.show(playlist, () => [
    programmeLine(room, state, now, output.paint),
    ...playlistTable(playlist, now, output.paint),
  ]);
}

/** `mirolive playlist add SOURCE…` and `mirolive playlist insert PLACE SOURCE…` */
export async function add(
  context: Context,
  options: RoomOption & ItemFlags,
  words: readonly string[],
  place: string | null,
): Promise<undefined> {
  const items = await itemsFromWords(words, options, context.environment.cwd);
  return change(context, options, (playlist) => {
    return { type: 'add', items, at: place === null ? null : findPlace(playlist, place) };
  });
}

/** `mirolive playlist move ITEM PLACE` */
export async function move(
  context: Context,
  options: RoomOption,
  item: string,
  place: string,
): Promise<undefined> {
  return change(context, options, (playlist) => {
    const id = findItem(playlist, item);
    return { type: 'move', item: id, to: findPlace(playlist, place, id) };
  });
}

/** `mirolive playlist remove ITEM` */
export async function remove(context: Context, options: RoomOption, item: string): Promise<undefined> {
  return change(context, options, (playlist) => ({ type: 'remove', item: findItem(playlist, item) }));
}

/** `mirolive playlist jump ITEM` */
export async function jump(context: Context, options: RoomOption, item: string): Promise<undefined> {
  return change(context, options, (playlist) => ({ type: 'jump', item: findItem(playlist, item) }));
}

/** `mirolive playlist next` and `mirolive playlist previous` */
export async function step(
  context: Context,
  options: RoomOption,
  type: 'next' | 'previous',
): Promise<undefined> {
  return change(context, options, () => ({ type }));
}

/** Sends what is to be done with the playlist that is there now, and shows where it is then. */
async function change(
  context: Context,
  options: RoomOption,
  commandFor: (playlist: PlaylistState) => Command,
): Promise<undefined> {
  const { output } = context;
  const client = await connect(context);
  const room = await chooseRoom(client, options);
  const before = playlistOf(await client.call('getProgramme', { room }), room);
  const state = await client.call('control', { room, command: commandFor(before) });
  const playlist = playlistOf(state, room);
  const now = Date.now();
  output.show(playlist, () => [programmeLine(room, state, now, output.paint), playlistLine(playlist, now)]);
}

function playlistOf({ playlist }: ProgrammeState, room: string): PlaylistState {
  if (playlist !== null) return playlist;
  throw new MiroliveError('NO_PLAYLIST', `no playlist is on air in room ${room}`, { details: { room } });
}
