import { spawn } from 'node:child_process';
import { familyVariable } from './descendants.ts';

/** The descriptor at which a process finds the end of a channel whose other end the daemon alone has, for as long as it lives. */
export const parentDescriptor = 5;
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

/**
 * Ends this process and its family once the daemon is gone, by a shell that sleeps until then: a process whose loop spins hears
 * of nothing. It takes a tenth of the memory that a thread of Node's takes.
 */
export function watchParent(family: string): void {
  const shell = spawn('/bin/sh', ['-c', script, 'parent-watch', `${familyVariable}=${family}`], {
    stdio: [parentDescriptor, 'ignore', 'ignore'],
    // It is no part of the family itself, nor of a terminal whose keys are the daemon's to act on.
    env: {},
    detached: true,
  });
  shell.unref();
  shell.once('exit', (_status, signal) => {
    if (signal) watchParent(family);
  });
}
