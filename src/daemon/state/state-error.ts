import { dirname } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';
import { ownerWords, readOwner } from '../../contract/owner.ts';
import { folderHint } from '../folder-hint.ts';

/** What SQLite or the file system says of the state, with the next command to run; any other error as it is. @param file path of the database */
export function stateError(thrown: unknown, file: string): unknown {
  const { message, errcode, code } = thrown as Error & { errcode?: number; code?: string };
  if (thrown instanceof MiroliveError || code === undefined) return thrown;
  const { words, hint } = explain(errcode === undefined ? code : errcode & 0xff, file);
  return new MiroliveError('STATE_UNAVAILABLE', `${words}: ${file}: ${message}`, { cause: thrown, hint });
}

/** @param reason a primary result code (https://sqlite.org/rescode.html), the low byte of the extended ones that node:sqlite gives; or the system's own */
function explain(reason: number | string, file: string) {
  const folder = dirname(file);
  switch (reason) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return {
        words: `${holderWords(file)} holds the state`,
        hint: `See which: fuser -v ${file}; a second daemon needs a state.dir of its own`,
      };
    case 13: // SQLITE_FULL
    case 'ENOSPC':
      return { words: 'there is no room for the state', hint: `Make some: df -h ${folder}` };
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
      return {
        words: 'the state is damaged',
        hint: `Move it away, and make the stream keys anew: mv ${file} ${file}.damaged`,
      };
    case 8: // SQLITE_READONLY
    case 14: // SQLITE_CANTOPEN
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
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
