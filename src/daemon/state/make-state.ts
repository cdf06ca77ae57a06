import { DatabaseSync } from 'node:sqlite';
import { syncToDisk } from '../../files/whole-file.ts';
import { replaceDatabase, unusedFile } from './database-files.ts';
import { migrate } from './migrations.ts';
import { databaseFile } from './state-files.ts';

/** Makes an empty state, which is whole before it has its name. @param aside where what is in its place stays, if anything is */
export function makeState(folder: string, aside: string | null): void {
  const file = databaseFile(folder);
  const fresh = unusedFile(`${file}.new`);
  migrateFile(fresh);
  syncToDisk(fresh);
  replaceDatabase(file, fresh, aside);
}

function migrateFile(file: string): void {
  using database = new DatabaseSync(file);
  // It is on the disk before it has its name: until then nobody waits for it.
  database.exec('PRAGMA synchronous = OFF');
  migrate(database);
}
