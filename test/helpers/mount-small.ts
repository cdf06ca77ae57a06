import { execFileSync } from 'node:child_process';
import { execa } from 'execa';

/** A file system of 1 MB; it takes root. */
export function mountSmall() {
  const path = execFileSync('mktemp', ['-d'], { encoding: 'utf8' }).trim();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path]);
  return {
    path,
    async [Symbol.asyncDispose]() {
      await execa('umount', ['--lazy', path]);
      await execa('rmdir', [path]);
    },
  };
}
