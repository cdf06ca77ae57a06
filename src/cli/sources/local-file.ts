import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';
import type { NewEntrySource } from '../../contract/models.ts';
import { pathBytes, shownBytes } from '../../contract/path-bytes.ts';
import { quoted } from '../../contract/quoted.ts';
import { noFileWords } from '../../contract/source-words.ts';
import { fileLike } from '../../files/file-there.ts';

/** Why a path cannot be a source, as far as this user sees; null: nothing speaks against it. Whether the daemon may read it, it says itself. */
export async function fileProblem(path: string): Promise<MiroliveError | null> {
  const details = { path };
  const found = await stat(pathBytes(path)).catch((error: NodeJS.ErrnoException) => error.code);
  if (found === 'ENOENT' || found === 'ENOTDIR')
    return new MiroliveError('SOURCE_NOT_FOUND', noFileWords(path, await fileLike(path)), { details });
  if (typeof found === 'object' && found.isDirectory())
    return new MiroliveError('SOURCE_NOT_A_FILE', `expected a regular file, got the folder ${path}`, {
      ...{ details, hint: 'Play what is in it: mirolive stream --folder FOLDER --room ROOM' },
    });
  if (typeof found === 'object' && !found.isFile())
    return new MiroliveError('SOURCE_NOT_A_FILE', `expected a regular file, got ${path}`, { details });
  return null;
}

/** The same of a source that is a file or a folder. */
export async function sourceProblem(source: NewEntrySource): Promise<MiroliveError | null> {
  if (source.kind === 'file') return await fileProblem(source.path);
  return source.kind === 'folder' ? await folderProblem(source.path) : null;
}

/** That a file is not there, with what differs in the name of one that is: wherever a command learns of it. */
export async function withNearName(error: MiroliveError): Promise<MiroliveError> {
  // The daemon looks at no folder for it: what is in one is for whoever may read it.
  const [, path] = /^there is no file (\/.+)$/s.exec(error.message) ?? [];
  if (error.code !== 'SOURCE_NOT_FOUND' || path === undefined) return error;
  const like = await fileLike(path);
  if (like === null) return error;
  const hint = `See what is there: ls -l ${quoted(dirname(path))}`;
  return new MiroliveError(error.code, noFileWords(path, like), { hint, cause: error });
}

/** The same of a path that is to be a folder. */
export async function folderProblem(path: string): Promise<MiroliveError | null> {
  const details = { path };
  const found = await stat(pathBytes(path)).catch((error: NodeJS.ErrnoException) => error.code);
  if (found === 'ENOENT' || found === 'ENOTDIR')
    return new MiroliveError('SOURCE_NOT_FOUND', `there is no folder ${shownBytes(path)}`, { details });
  if (typeof found === 'object' && !found.isDirectory())
    return new MiroliveError('SOURCE_NOT_FOUND', `expected a folder, got the file ${shownBytes(path)}`, {
      ...{ details, hint: 'Play a file: mirolive stream --file FILE --room ROOM' },
    });
  return null;
}
