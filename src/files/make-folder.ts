import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it that are missing. Node's own way (`recursive`) never returns where the system answers that there is
 * nothing below which one could be made, as in /proc.
 *
 * @throws what mkdir(2) answers
 */
export function makeFolder(path: string, mode: number): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const above = dirname(path);
  if (above !== path) makeFolder(above, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Somebody else was as quick.
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error;
  }
}
