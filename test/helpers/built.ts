import { execFileSync } from 'node:child_process';
import { buildIsCurrent } from '../../scripts/setup/build-stamp.mjs';

/** Before all tests: the processes that they start, and the command line, are the built ones. */
export async function setup(): Promise<void> {
  if (await buildIsCurrent(process.cwd())) return;
  execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
}
