import { existsSync } from 'node:fs';
import { quoted } from '../contract/quoted.ts';

/** What to do about a folder that cannot be written to: it has to be made first, where it is not there. */
export function folderHint(folder: string): string {
  if (existsSync(folder)) return `Let the daemon's user write there: ls -ld ${quoted(folder)}`;
  return `Make the folder, for the daemon's user to write to: mkdir -p ${quoted(folder)}`;
}
