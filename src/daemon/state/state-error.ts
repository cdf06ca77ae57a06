import { dirname } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';
import { ownerWords, readOwner } from '../../contract/owner.ts';

/** Primary result codes, https://sqlite.org/rescode.html; node:sqlite gives the extended ones, whose low byte they are. */
const codes = {
  busy: 5,
  locked: 6,
  readOnly: 8,
  corrupt: 11,
  full: 13,
  cannotOpen: 14,
  notADatabase: 26,
} as const;

/** What SQLite or the file system says of the state, with the next command to run; any other error as it is. @param file path of the database */
export function stateError(thrown: unknown, file: string): unknown {
  const { message, errcode, code } = thrown as Error & { errcode?: number; code?: string };
  if (thrown instanceof MiroliveError || code === undefined) return thrown;
  const { words, hint } = explain(errcode === undefined ? undefined : errcode & 0xff, code, file);
  return new MiroliveError('STATE_UNAVAILABLE', `${words}: ${file}: ${message}`, { cause: thrown, hint });
}

function explain(result: number | undefined, code: string | undefined, file: string) {
  const folder = dirname(file);
  switch (result) {
    case codes.busy:
    case codes.locked:
      return {
        words: `${holderWords(file)} holds the state`,
        hint: `See which: fuser -v ${file}; a second daemon needs a state.dir of its own`,
      };
    case codes.full:
      return { words: 'there is no room for the state', hint: `Make some: df -h ${folder}` };
    case codes.corrupt:
    case codes.notADatabase:
      return {
        words: 'the state is damaged',
        hint: `Move it away, and make the stream keys anew: mv ${file} ${file}.damaged`,
      };
    case codes.readOnly:
    case codes.cannotOpen:
      return {
        words: 'the state cannot be written',
        hint: `Let the daemon's user write there: ls -ld ${folder}`,
      };
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS')
    return {
      words: 'the state cannot be written',
      hint: `Let the daemon's user write there: ls -ld ${folder}`,
    };
  if (code === 'ENOSPC')
    return { words: 'there is no room for the state', hint: `Make some: df -h ${folder}` };
  return { words: 'the state cannot be used', hint: 'See what is wrong: mirolive doctor' };
}

function holderWords(file: string): string {
  const owner = readOwner(file.replace(/\.db$/, ''));
  return owner ? `another daemon (${ownerWords(owner)})` : 'another program';
}
