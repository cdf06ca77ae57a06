import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { familyVariable } from './descendants.ts';

/** What the daemon says there of a process that is gone, whose family it ends itself. */
export const goneWord = 'gone\n';

/**
 * Waits for the end of the channel, and then ends all whose environment has its argument. Twice: one that is about to start another may be
 * quicker. Where that takes long, since one that waits for a disk that is dead may not be read, each is looked at by a process of its own, and
 * only then: on a machine with hundreds of processes those of several families, which see each other's, would be tens of thousands.
 */
const script = `
end() {
  for place in $(grep -Fls "$1" /proc/[0-9]*/environ); do
    place=\${place#/proc/}
    kill -9 "\${place%/environ}"
  done
}
read -r word && exit
sleep 1
sleep 2 & limit=$!
{ end "$1"; end "$1"; kill $limit; } &
wait $limit || exit 0
for folder in /proc/[0-9]*; do
  grep -Fqs "$1" "$folder/environ" && kill -9 "\${folder#/proc/}" &
done
`;

/** A shell that waits for the end of what it reads. */
export function familyShell(family: string, input: number | 'pipe') {
  return spawn('/bin/sh', ['-c', script, 'parent-watch', `${familyVariable}=${family}`], {
    stdio: [input, 'ignore', 'ignore'],
    // It is no part of the family itself, nor of a terminal whose keys are the daemon's to act on.
    env: {},
    detached: true,
  });
}

/** Sees to it that a family ends with this process. */
export interface FamilyWatch {
  /** All of it has ended. */
  close(): void;
}

/** Ends all families whose names begin so once this process is gone, however it goes. */
export function watchFamily(family: string): FamilyWatch {
  const shell = familyShell(family, 'pipe');
  shell.unref();
  shell.on('error', () => {});
  shell.stdin?.on('error', () => {});
  // It alone keeps nobody from ending.
  (shell.stdin as Partial<Socket> | null)?.unref?.();
  return { close: () => shell.stdin?.end(goneWord) };
}
