import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { CallParams } from '../contract/api.ts';
import { MiroliveError } from '../contract/errors.ts';
import { wholeNumber } from './command-parts.ts';

/** A source as a call takes it. */
export type WantedSource = CallParams<'startBroadcast'>['source'];

/** Flags that name a source, and how it is played. */
export interface SourceFlags {
  readonly file?: readonly string[];
  readonly playlist?: string;
  readonly loop?: boolean;
  readonly shuffle?: boolean;
  readonly audioTrack?: number;
}

/** Flags of which one says what is put on air. */
const kinds = ['file', 'playlist'] as const;

/** Declares the flags that name a source. */
export function sourceOptions(command: Command): Command {
  return command
    .option('--file <file...>', 'media file; several are played one after the other')
    .option('--playlist <file>', 'playlist file, YAML or M3U')
    .option('--loop', 'start again at the end, without end')
    .option('--shuffle', 'several files, or a playlist, in another order each time round')
    .option('--audio-track <number>', 'audio track, 0 the first; see: mirolive probe', wholeNumber);
}

/**
 * The source that flags name.
 *
 * @param folder where relative paths begin
 * @throws MiroliveError USAGE, INVALID_PLAYLIST
 */
export async function sourceFromFlags(flags: SourceFlags, folder: string): Promise<WantedSource> {
  const { loop = false, shuffle = false, audioTrack = null } = flags;
  const [kind, another] = kinds.filter((name) => flags[name] !== undefined);
  if (kind === undefined)
    throw usage(`expected a source: one of ${kinds.map((name) => `--${name}`).join(', ')}`);
  if (another !== undefined) throw usage(`expected one source, got --${kind} and --${another}`);
  if (flags.playlist !== undefined) {
    const { loadPlaylist } = await import('../contract/playlist-file.ts');
    const list = await loadPlaylist(resolve(folder, flags.playlist));
    return { ...list, loop: list.loop || loop, shuffle: list.shuffle || shuffle };
  }
  const files = (flags.file ?? []).map((file) => {
    return { kind: 'file' as const, path: resolve(folder, file), audioTrack };
  });
  const [only] = files;
  if (only === undefined || files.length > 1) {
    return { kind: 'playlist', items: files.map((source) => ({ source })), loop, shuffle };
  }
  if (shuffle) throw usage('expected several --file, or --playlist, to shuffle');
  return { ...only, loop };
}

function usage(message: string): MiroliveError {
  return new MiroliveError('USAGE', message, {
    hint: 'For example: mirolive stream --file talk.mp4 --room lobby',
  });
}
