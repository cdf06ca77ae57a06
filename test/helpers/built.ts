import { execFileSync } from 'node:child_process';
import { buildIsCurrent } from '../../scripts/setup/build-stamp.mjs';
import { endWithTests } from './end-with-tests.ts';

/** Before all tests: the processes that they start, and the command line, are the built ones. What they leave is ended after them. */
export async function setup(): Promise<() => void> {
  if (!(await buildIsCurrent(process.cwd())))
    execFileSync(process.execPath, ['scripts/build.mjs'], { stdio: 'inherit' });
  return endWithTests();
}
