import { chmodSync, existsSync, renameSync } from 'node:fs';
import { fileTrouble } from '../file-trouble.ts';
import { fileMode, removeDatabase, unusedFile } from '../state/database-files.ts';
import { asideMark, forgetAside } from './forget-aside.ts';
import { DamagedOutbox, Outbox } from './outbox.ts';

/** Opens the outbox, and makes it where there is none; one that cannot be read is set aside, and told. @throws Error where the disk does not let it */
export function openOutbox(
  file: string,
  wallMs: number,
): { readonly outbox: Outbox; readonly setAside: string | null } {
  // It holds what is told to others: its owner's alone from the first byte on.
  if (!existsSync(file)) unusedFile(file);
  else chmodSync(file, fileMode);
  try {
    return { outbox: Outbox.open(file), setAside: null };
  } catch (error) {
    if (!(error instanceof DamagedOutbox) && fileTrouble(error) !== 'damaged') throw error;
    const setAside = `${file}${asideMark}${new Date(wallMs).toISOString().replace(/[:.]/g, '-')}`;
    renameSync(file, setAside);
    removeDatabase(file);
    forgetAside(file, 0);
    unusedFile(file);
    return { outbox: Outbox.open(file), setAside };
  }
}
