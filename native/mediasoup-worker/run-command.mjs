import { spawn } from 'node:child_process';
import { basename } from 'node:path';
import { createInterface } from 'node:readline';

const TAIL_LINES = 40;
/** How long an aborted command may take to end by itself before SIGKILL. */
const GRACE_MS = 5_000;

/** A command that could not be run, or ended with another code than 0. `output`: the last lines that it wrote; `exitCode`: null where it has none. */
export class CommandFailed extends Error {
  constructor(message, output, { cause, exitCode = null } = {}) {
    super(message, { cause });
    this.name = 'CommandFailed';
    this.output = output;
    this.exitCode = exitCode;
  }
}

/**
 * Runs a command to its end and keeps its output to itself. An aborted one gets SIGTERM, after 5 s SIGKILL, and is waited
 * for, so that nothing writes into a folder which the caller then removes.
 */
export const runCommand = (command, args, { cwd, env, input, onLine = () => {}, signal } = {}) =>
  new Promise((done, fail) => {
    const child = spawn(command, args, { cwd, env, signal, stdio: ['pipe', 'pipe', 'pipe'] });
    const lines = [];
    const collect = (line) => {
      lines.push(line);
      if (lines.length > TAIL_LINES) lines.shift();
      onLine(line);
    };
    createInterface({ input: child.stdout }).on('line', collect);
    createInterface({ input: child.stderr }).on('line', collect);
    let cause;
    let killing;
    child.on('error', (error) => {
      cause = error;
      if (child.pid) killing ??= setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      else
        fail(new CommandFailed(`${basename(command)} could not be started: ${error.message}`, '', { cause }));
    });
    child.on('close', (code, killedBy) => {
      clearTimeout(killing);
      const what = `${basename(command)} ended with ${code ?? killedBy}`;
      if (code === 0 && !cause) done();
      else fail(new CommandFailed(what, lines.join('\n'), { cause, exitCode: code }));
    });
    // A command that doesn't read its input closes the pipe; its exit code says what happened.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
