/** What is wrong with a file that cannot be used, as far as it is known. */
export type FileTrouble = 'held' | 'changed' | 'full' | 'damaged' | 'unwritable' | 'other';

/** @param thrown with a result code of SQLite (https://sqlite.org/rescode.html), whose low byte is the primary one, or the system's own */
export function fileTrouble(thrown: unknown): FileTrouble {
  const { errcode, code } = thrown as { readonly errcode?: number; readonly code?: string };
  switch (errcode === undefined ? code : errcode & 0xff) {
    case 5: // SQLITE_BUSY
    case 6: // SQLITE_LOCKED
      return 'held';
    case 1: // SQLITE_ERROR: a table or a column is not as whoever asks has made it
    case 17: // SQLITE_SCHEMA
      return 'changed';
    case 13: // SQLITE_FULL
    case 'ENOSPC':
    case 'EDQUOT':
      return 'full';
    case 11: // SQLITE_CORRUPT
    case 26: // SQLITE_NOTADB
      return 'damaged';
    case 8: // SQLITE_READONLY
    case 14: // SQLITE_CANTOPEN
    case 'EACCES':
    case 'EEXIST':
    case 'EPERM':
    case 'EROFS':
    case 'ENOENT':
    case 'ENOTDIR':
      return 'unwritable';
    default:
      return 'other';
  }
}
