import { dirname } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';
import { quoted } from '../../contract/quoted.ts';
import { ownerWords, readOwner } from '../../files/owner.ts';
import { type FileTrouble, fileTrouble } from '../file-trouble.ts';
import { folderHint } from '../folder-hint.ts';
import { lastGoodBackup } from './state-files.ts';

/**
 * What SQLite or the file system says of the state, with the next command to run; any other error as it is.
 *
 * @param file path of the database
 * @param isOurs whoever asks has the state: it is held by no daemon then, but by a program that writes to it
 */
export function stateError(thrown: unknown, file: string, isOurs = false): unknown {
  const { message, code } = thrown as Error & { code?: string };
  if (thrown instanceof MiroliveError || code === undefined) return thrown;
  const { words, hint } = explain(fileTrouble(thrown), file, isOurs);
  return new MiroliveError('STATE_UNAVAILABLE', `${words}: ${file}: ${message}`, { cause: thrown, hint });
}

function explain(trouble: FileTrouble, file: string, isOurs: boolean) {
  const folder = dirname(file);
  switch (trouble) {
    case 'held':
      if (isOurs)
        return {
          words: 'another program writes to the state, or a slow disk keeps the daemon writing to it',
          hint: `Try again; if it stays so, see who writes: fuser -v ${quoted(file)}, and end it unless it is the daemon`,
        };
      return {
        words: `${holderWords(file)} holds the state`,
        hint: `See which: fuser -v ${quoted(file)}; a second daemon needs a state.dir of its own`,
      };
    case 'changed':
      return {
        words: 'another program writes to the state, and has changed its tables',
        hint: `See which, and end it: fuser -v ${quoted(file)}; then ${restoreHint(lastGoodBackup(folder))}`,
      };
    case 'full':
      return { words: 'there is no room for the state', hint: `Make some: df -h ${quoted(folder)}` };
    case 'damaged':
      return {
        words: 'the state is damaged',
        hint: `Start the daemon again, which sets it aside; then ${restoreHint(lastGoodBackup(folder))}`,
      };
    case 'unwritable':
      return {
        words: 'the state cannot be written',
        hint: folderHint(folder),
      };
    default:
      return { words: 'the state cannot be used', hint: 'See what is wrong: mirolive doctor' };
  }
}

function holderWords(file: string): string {
  const owner = readOwner(file.replace(/\.db$/, ''));
  return owner ? `another daemon (${ownerWords(owner)})` : 'another program';
}

/** How a state comes back that is lost. @param backup the last good one; null: there is none */
export function restoreHint(backup: string | null): string {
  return backup === null
    ? 'make the stream keys anew: there is no backup of it'
    : `end the daemon, and restore the last good backup: mirolive state restore ${quoted(backup)} --yes`;
}
