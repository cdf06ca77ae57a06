import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';

const name = 'TESTS_OF_MIROLIVE';

/**
 * Ends the processes that bear the mark of this run once nothing more can come by its input: the tests are over, or were killed.
 * A mark is found whatever became of parents and sessions; it is looked for again, since what ends may leave something.
 */
const watcher = `
trap '' INT HUP TERM
cat >/dev/null
for signal in TERM TERM TERM KILL KILL; do
  left=
  for place in /proc/[0-9]*; do
    if grep -qzFx "$0" "$place/environ" 2>/dev/null; then
      kill -$signal "\${place#/proc/}" 2>/dev/null && left=1
    fi
  done
  [ -n "$left" ] || exit 0
  sleep 2
done`;

/** What processes that a test starts are to have in their environment: by it they are found, and ended with the tests. */
export function markOfTests(): Record<string, string> {
  const mark = process.env[name];
  return mark === undefined ? {} : { [name]: mark };
}

/** Marks what tests start from now on. @returns ends what is left of it; the same happens when this process dies */
export function endWithTests(): () => void {
  const { PATH } = process.env;
  const mark = randomUUID();
  const child = spawn('/bin/sh', ['-c', watcher, `${name}=${mark}`], {
    ...{ detached: true, stdio: ['pipe', 'ignore', 'ignore'] },
    env: { PATH },
  });
  child.unref();
  process.env[name] = mark;
  return () => void child.stdin?.end();
}
