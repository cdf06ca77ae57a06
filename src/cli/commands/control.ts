import { resolve } from 'node:path';
import type { CallParams } from '../../contract/api.ts';
import type { PlaylistSource } from '../../contract/models.ts';
import { isPlaylistName, sourceFromWords } from '../../contract/source-from-words.ts';
import { type Context, connect } from '../context.ts';
import { programmeLine } from '../programme-words.ts';
import { chooseRoom, type RoomOption } from '../room-choice.ts';

/** `mirolive pause`, `resume`, `slate on`, `volume 80` …: sends a command to a room's programme, and shows how it is then. */
export async function control(
  context: Context,
  options: RoomOption,
  command: CallParams<'control'>['command'],
  wait = true,
): Promise<undefined> {
  const { output } = context;
  const client = await connect(context);
  const room = await chooseRoom(client, options);
  const state = await client.call('control', { room, command, wait });
  output.show(state, () => [programmeLine(room, state, Date.now(), output.paint)]);
}

/** `mirolive take SOURCE` and `mirolive take programme` */
export async function take(
  context: Context,
  options: RoomOption & { readonly wait?: boolean },
  words: string,
): Promise<undefined> {
  if (words === 'programme') return control(context, options, { type: 'release' });
  const { cwd } = context.environment;
  const source = isPlaylistName(words) ? await readPlaylist(cwd, words) : sourceFromWords(words, cwd);
  return control(context, options, { type: 'take', source }, options.wait);
}

/** `mirolive seek 12:30`, `mirolive seek -30s` */
export async function seek(context: Context, options: RoomOption, words: string): Promise<undefined> {
  const { readSeek } = await import('../seek-words.ts');
  return control(context, options, readSeek(words));
}

/** Loaded only where there is one: YAML and schemas take their time. */
async function readPlaylist(folder: string, file: string): Promise<PlaylistSource> {
  const { loadPlaylist } = await import('../../contract/playlist/playlist-file.ts');
  return loadPlaylist(resolve(folder, file));
}
