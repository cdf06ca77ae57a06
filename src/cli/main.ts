import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** As package.json says: with an older one, no server could say which connections may change their protocol. */
const oldestNode = [24, 9] as const;

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
  process.stderr.write(
    `error: mirolive needs Node ${oldestNode.join('.')} or newer, this is ${process.versions.node} (${process.execPath})\n` +
      '  next: In the folder of mirolive run: npm ci\n',
  );
  process.exit(1);
}
// Imported only now: an older Node may not understand it.
const { ownBuild = 'src' } = await import('../contract/installation.ts');
// Not in Node's usual place below /tmp, where others could put code for root to run. Each build has a folder there.
enableCompileCache(join(homedir(), '.cache', 'mirolive', 'compile', ownBuild));
const { shownArguments } = await import('./program/shown-arguments.ts');
// What a command that stays was told stands in `ps` for as long.
const shown = shownArguments(process.argv.slice(2));
if (shown !== null) process.title = shown;
const { readEnvironment } = await import('./program/environment.ts');
const environment = readEnvironment();

/** What a shell reports of a program that ended by the signal: 128 and its number. */
const statusOfSignal = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** Standard error is waited for no longer than this at the end, in ms: what is left there helps nobody who does not read it. */
const lastWordsMs = 1000;

const interruption = new AbortController();
let handling = false;
let outputFailed = false;

/** Takes the signals from here on: the first asks the command to end, a second one ends it at once. */
function interrupts(): AbortSignal {
  if (handling) return interruption.signal;
  handling = true;
  for (const [signal, status] of Object.entries(statusOfSignal)) {
    if (signal === 'SIGHUP' && environment.hangupIgnored) continue;
    process.on(signal, () => {
      if (interruption.signal.aborted) process.exit(status);
      interruption.abort(status);
    });
  }
  return interruption.signal;
}

// Whoever ran `nohup` wants it to go on.
if (environment.hangupIgnored) process.on('SIGHUP', () => {});
// Node would open its inspector.
process.on('SIGUSR1', () => {});

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe has gone (`mirolive events | head -1`): nobody is left to talk to.
  const gone = error.code === 'EPIPE';
  if (!gone && !outputFailed) {
    outputFailed = true;
    process.stderr.write(
      `error: standard output cannot be written: ${error.message}\n  next: See what it is: ls -l /dev/stdout\n`,
    );
  }
  interruption.abort(gone ? 0 : 1);
});
process.stderr.on('error', () => {
  // There is no other place to say so.
});

const { run } = await import('./program/run.ts');
const status = await run(process.argv.slice(2), {
  ...{ stdin: () => process.stdin, stdout: process.stdout, stderr: process.stderr, interrupts, environment },
});
// What a pipe has no room for yet would be lost with the process.
await written(process.stdout);
await Promise.race([written(process.stderr), new Promise((resolve) => setTimeout(resolve, lastWordsMs))]);
process.exit(outputFailed ? 1 : status);

/** Resolves when the system has taken all that was written, or never will. */
function written(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    // The error of a write is told after its callback.
    stream.write('', () => setImmediate(resolve));
  });
}
