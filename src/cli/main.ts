import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

const oldestNode = 24;

if (Number.parseInt(process.versions.node, 10) < oldestNode) {
  process.stderr.write(
    `error: mirolive needs Node ${oldestNode} or newer, this is ${process.versions.node} (${process.execPath})\n` +
      '  next: In the folder of mirolive run: npm ci\n',
  );
  process.exit(1);
}
// Not in Node's usual place below /tmp, where others could put code for root to run.
enableCompileCache(join(homedir(), '.cache', 'mirolive', 'compile'));

/** What a shell reports of a program that ended by the signal: 128 and its number. */
const statusOfSignal = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

const interruption = new AbortController();
let handling = false;

/** Takes the signals from here on: the first asks the command to end, a second one ends it at once. */
function interrupts(): AbortSignal {
  if (handling) return interruption.signal;
  handling = true;
  for (const [signal, status] of Object.entries(statusOfSignal)) {
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(status);
      interruption.abort(status);
    });
  }
  return interruption.signal;
}

// The reader of a pipe has gone (`mirolive events | head -1`): nobody is left to talk to.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') {
    process.stderr.write(
      `error: standard output cannot be written: ${error.message}\n  next: See what it is: ls -l /dev/stdout\n`,
    );
    process.exit(1);
  }
  if (!handling) process.exit(0);
  interruption.abort(0);
});

const { run } = await import('./run.ts');
const status = await run(process.argv.slice(2), {
  ...{ stdin: () => process.stdin, stdout: process.stdout, stderr: process.stderr, interrupts },
});
// What was written may have failed, which is told after this turn.
await new Promise((resolve) => setImmediate(resolve));
process.exit(status);
