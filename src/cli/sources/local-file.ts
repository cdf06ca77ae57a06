import { stat } from 'node:fs/promises';
import { MiroliveError } from '../../contract/errors.ts';
import { pathBytes } from '../../contract/path-bytes.ts';
import { noFileWords } from '../../contract/source-words.ts';
import { fileLike } from '../../files/file-there.ts';

/** Why a path cannot be a source, as far as this user sees; null: nothing speaks against it. Whether the daemon may read it, it says itself. */
export async function fileProblem(path: string): Promise<MiroliveError | null> {
  const details = { path };
  const found = await stat(pathBytes(path)).catch((error: NodeJS.ErrnoException) => error.code);
  if (found === 'ENOENT' || found === 'ENOTDIR')
    return new MiroliveError('SOURCE_NOT_FOUND', noFileWords(path, await fileLike(path)), { details });
  if (typeof found === 'object' && !found.isFile())
    return new MiroliveError('SOURCE_NOT_A_FILE', `expected a regular file, got ${path}`, { details });
  return null;
}
