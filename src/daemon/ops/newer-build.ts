import { readlinkSync } from 'node:fs';
import { installed, newestBuild, ownBuild } from '../../contract/installation.ts';

/** Whether mirolive was built anew since this process began. */
export function newerBuild(): boolean {
  if (ownBuild === undefined) return false;
  try {
    return readlinkSync(installed(newestBuild)) !== ownBuild;
  } catch {
    // Whoever moves builds about does not wait for a restart.
    return false;
  }
}
