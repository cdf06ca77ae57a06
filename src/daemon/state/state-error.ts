import { dirname } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';
import { quoted } from '../../contract/quoted.ts';
import { ownerWords, readOwner } from '../../files/owner.ts';
import { type FileTrouble, fileTrouble } from '../file-trouble.ts';
import { folderHint } from '../folder-hint.ts';

/** What SQLite or the file system says of the state, with the next command to run; any other error as it is. @param file path of the database */
export function stateError(thrown: unknown, file: string): unknown {
  const { message, code } = thrown as Error & { code?: string };
  if (thrown instanceof MiroliveError || code === undefined) return thrown;
  const { words, hint } = explain(fileTrouble(thrown), file);
  return new MiroliveError('STATE_UNAVAILABLE', `${words}: ${file}: ${message}`, { cause: thrown, hint });
}

function explain(trouble: FileTrouble, file: string) {
  const folder = dirname(file);
  switch (trouble) {
    case 'held':
      return {
        words: `${holderWords(file)} holds the state`,
        hint: `See which: fuser -v ${quoted(file)}; a second daemon needs a state.dir of its own`,
      };
    case 'full':
      return { words: 'there is no room for the state', hint: `Make some: df -h ${quoted(folder)}` };
    case 'damaged':
      return {
        words: 'the state is damaged',
        hint: `Move it away, and make the stream keys anew: mv ${quoted(file)} ${quoted(`${file}.damaged`)}`,
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
