import { resolve } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';
import type { PlaylistSource } from '../../contract/models.ts';
import { isPlaylistName } from '../../contract/source-from-words.ts';
import type { Context } from '../program/context.ts';
import { control, type Wish } from '../program/control.ts';
import type { RoomOption, Verb } from '../program/verb.ts';
import { type CardFlags, cardTextOption, withText } from '../sources/card-options.ts';
import { type HeaderFlags, headerOption, headersFromFlags } from '../sources/header-options.ts';
import { saidFrom, sourceFrom } from '../sources/said-from.ts';

/** `mirolive take SOURCE` and `mirolive take programme` */
export const add = (program: Verb) =>
  program
    .verb(
      'take',
      'Put a source on air above everything, a slate that is on too, until it ends or: mirolive take programme.',
      [
        'mirolive take cam1 --room lobby',
        'mirolive take talk.mp4 --room lobby',
        'mirolive take "card:Back soon" --text "At three" --room lobby',
        'mirolive take programme --room lobby',
      ],
    )
    .argument(
      '<source>',
      'file, playlist, address, stream key, slate, card:TITLE, test, test:PATTERN, screen, window:TITLE, folder:PATH, or programme',
    )
    .addOption(headerOption())
    .addOption(cardTextOption())
    .option('--no-wait', 'return when it is wanted, before it is on air')
    .inRoom()
    .does(take, async (context, words: string, options: TakeOptions) => ({
      room: options.room,
      what: { call: 'control', params: { command: await commandOf(context, words, options) } },
    }));

type TakeOptions = RoomOption & HeaderFlags & CardFlags & { readonly wait?: boolean };

async function take(context: Context, words: string, options: TakeOptions): Promise<undefined> {
  return control(context, options, await commandOf(context, words, options));
}

async function commandOf(context: Context, words: string, options: TakeOptions): Promise<Wish> {
  if (words === 'programme') return { type: 'release' };
  const { cwd } = context.environment;
  const source = isPlaylistName(words)
    ? withText(await readPlaylist(cwd, words), options)
    : withText(sourceFrom(await saidFrom(context), words), options);
  const headers = await headersFromFlags(options, cwd);
  if (source.kind !== 'url' && headers.headers)
    throw new MiroliveError('USAGE', `expected an address to send --header to, got ${words}`);
  return { type: 'take', source: { ...source, ...headers } };
}

/** Loaded only where there is one: YAML and schemas take their time. */
async function readPlaylist(folder: string, file: string): Promise<PlaylistSource> {
  const { loadPlaylist } = await import('../../files/load-playlist.ts');
  return loadPlaylist(resolve(folder, file));
}
