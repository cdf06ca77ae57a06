import { isAbsolute, resolve } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';
import type { NewEntrySource } from '../../contract/models.ts';
import { sourceFromWords } from '../../contract/source-from-words.ts';
import type { Context } from '../program/context.ts';

/** Where a path is said, that the daemon is to open. */
export interface SaidFrom {
  /** Where relative ones begin on this machine. */
  readonly folder: string;
  /** Whose paths they are: this machine's, or those of the one that the daemon is on. */
  readonly machine: 'this' | 'another';
}

/** Where the paths of a command are said. */
export async function saidFrom({ flags, environment, place }: Context): Promise<SaidFrom> {
  const { findPlace } = await import('../places/find-place.ts');
  const { kind } = place ?? (await findPlace(flags, environment, () => {}));
  return { folder: environment.cwd, machine: kind === 'socket' ? 'this' : 'another' };
}

/** A path as the daemon opens it. @throws MiroliveError USAGE where it begins in a folder that the daemon's machine knows nothing of */
export function pathFrom({ folder, machine }: SaidFrom, path: string): string {
  if (machine === 'another' && !isAbsolute(path)) throw relative(path);
  return resolve(folder, path);
}

/** The source that a word means. @throws MiroliveError USAGE, SOURCE_PROTOCOL */
export function sourceFrom({ folder, machine }: SaidFrom, words: string): NewEntrySource {
  const source = sourceFromWords(words, folder);
  if (machine === 'this' || (source.kind !== 'file' && source.kind !== 'folder')) return source;
  const elsewhere = sourceFromWords(words, resolve(folder, 'elsewhere'));
  if ('path' in elsewhere && elsewhere.path === source.path) return source;
  throw relative(words);
}

function relative(path: string): MiroliveError {
  return new MiroliveError(
    'USAGE',
    `expected an absolute path, since files are those of the daemon's machine, got ${path}`,
    { hint: 'Name it as it is there, such as /srv/media/talk.mp4; what is here goes through: --stdin' },
  );
}
