// Whether what the command line of the bench names is there: nothing is built or measured for a mistyped word.
// It runs by itself before the set-up, with nothing installed, and again where the bench begins.
import { access, constants, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { delimiter, join } from 'node:path';
import { type Choice, readArguments } from './arguments.ts';
import type { Beside } from './context.ts';

/** A server on this machine answers sooner, in ms. */
const answerMs = 5000;
/** Where a URL names no port. */
const ports: Readonly<Record<string, number>> = { 'http:': 80, 'https:': 443, 'rtmp:': 1935, 'rtmps:': 443 };

/** Reads the command line; rejects with one line: the flag, what was expected, and what next. */
export async function checkedArguments(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Choice> {
  const choice = readArguments(args, env);
  if (choice.whepLoad !== null) await requireProgram(choice.whepLoad, env);
  if (choice.beside !== null) await requireBeside(choice.beside);
  return choice;
}

async function requireProgram(program: string, { PATH = '' }: NodeJS.ProcessEnv): Promise<void> {
  const places = program.includes('/')
    ? [program]
    : PATH.split(delimiter).map((folder) => join(folder, program));
  for (const place of places) if (await isProgram(place)) return;
  throw new Error(
    `--whep-load: expected a program that can be run, got ${program}; next: name the path of one, or leave it out (and WHEP_LOAD of the environment)`,
  );
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

async function requireBeside({ whepUrl, publishUrl, pid }: Beside): Promise<void> {
  await requireAnswer('--beside', whepUrl);
  if (publishUrl !== null) await requireAnswer('--beside-publish', publishUrl);
  if (pid !== null && !(await isProcess(pid)))
    throw new Error(`--beside-pid: expected a process, there is no ${pid}; next: find it by pidof NAME`);
}

async function requireAnswer(flag: string, url: string): Promise<void> {
  const { hostname, port, protocol } = new URL(url);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const socket = connect({ host, port: Number(port) || (ports[protocol] ?? 0) });
  const { promise: answered, resolve, reject } = Promise.withResolvers<void>();
  socket.once('connect', resolve).once('error', reject);
  socket.setTimeout(answerMs, () => reject(new Error(`nothing within ${answerMs / 1000} s`)));
  try {
    await answered;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new Error(
      `${flag}: expected a server at ${url}, got ${code ?? message}; next: start it, or mend the address`,
      { cause: error },
    );
  } finally {
    socket.destroy();
  }
}

async function isProcess(pid: number): Promise<boolean> {
  return await access(`/proc/${pid}/stat`).then(
    () => true,
    () => false,
  );
}

if (import.meta.main)
  await checkedArguments(process.argv.slice(2), process.env).catch((error: Error) => {
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = 2;
  });
