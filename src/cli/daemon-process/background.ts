import { type ChildProcess, spawn } from 'node:child_process';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { asMiroliveError, type ErrorBody, MiroliveError } from '../../contract/errors.ts';
import { builtProgram } from '../../contract/installation.ts';
import type { Status } from '../../contract/models.ts';
import { loadConfig } from '../../files/load-config.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { type Client, createClient } from '../client.ts';
import { placeName } from '../places/place.ts';

/** How long a daemon may take until it answers. */
const readyTimeoutMs = 30_000;
/** How often it is asked meanwhile. */
const askEveryMs = 30;
/** Its log has so much room at least when it starts, in bytes: what a failed start says has to fit beside its locks. */
const logRoomBytes = 64 * 1024;
/** How many of its last lines are shown if it does not. */
const shownLogLines = 5;

/**
 * Starts a daemon that outlives this process, and returns when it answers. Where the configuration names no `log.file`, its log is
 * `daemon.log` beside the socket, `daemon-NAME.log` beside one of another name than the usual; the log of the run before stays as `daemon.log.1`. A `log.file` is the daemon's alone, wherever it is: what
 * comes on standard error beside it, such as the last words of a crash, is `daemon.err`.
 */
export async function startInBackground({
  configPath,
  socket,
  supervise,
}: {
  readonly configPath: string | null;
  readonly socket: string;
  /** Another process starts it again whenever it dies. */
  readonly supervise: boolean;
}): Promise<{ status: Status; log: string }> {
  // Before any log is touched: what cannot be a daemon has none.
  const config = await loadConfig(configPath);
  const client = createClient(socket);
  await refuseIfRunning(client);

  const log = `${daemonPlace(socket)}.${config.log.file === null ? 'log' : 'err'}`;
  // Under a name of its own until it is known whose log it is: somebody else may start one at this moment.
  const ownLog = `${log}.${process.pid}`;
  const child = await spawnDetached(ownLog, [
    ...process.execArgv,
    fileURLToPath(builtProgram('cli/main')),
    'daemon',
    '--json', // So that the last line of a failed start can be read.
    '--socket',
    socket,
    ...(supervise ? ['--supervise'] : []),
    ...(configPath === null ? [] : ['--config', configPath]),
  ]);
  try {
    const status = await untilReady(client, child, ownLog);
    await takeLogName(ownLog, log);
    return { status, log: status.log.file ?? log };
  } catch (thrown) {
    child.kill();
    const error = asMiroliveError(thrown);
    if (error.code === 'DAEMON_RUNNING') await rm(ownLog, { force: true });
    else await takeLogName(ownLog, log);
    throw new MiroliveError(error.code, error.message.replaceAll(ownLog, log), { hint: error.hint });
  } finally {
    child.unref();
  }
}

/** How the files of a daemon begin: no two that have their sockets in one folder have the same. */
function daemonPlace(socket: string): string {
  const name = basename(socket);
  return join(dirname(socket), name === 'control.sock' ? 'daemon' : `daemon-${name}`);
}

async function refuseIfRunning(client: Client): Promise<void> {
  const { pid } = await client.call('status', {}).catch((error: unknown) => {
    if (asMiroliveError(error).code === 'DAEMON_UNREACHABLE') return { pid: null };
    throw error;
  });
  if (pid !== null) {
    throw new MiroliveError(
      'DAEMON_RUNNING',
      `a daemon already answers on ${placeName(client.place)} (pid ${pid})`,
    );
  }
}

async function spawnDetached(log: string, args: readonly string[]): Promise<ChildProcess> {
  try {
    makeFolder(dirname(log), 0o750);
    await using file = await open(log, 'a', 0o640);
    await file.write(Buffer.alloc(logRoomBytes));
    await file.truncate(0);
    return spawn(process.execPath, args, { detached: true, stdio: ['ignore', file.fd, file.fd] });
  } catch (cause) {
    await rm(log, { force: true }).catch(() => {});
    const { message, code } = cause as NodeJS.ErrnoException;
    const hint =
      code === 'ENOSPC' || code === 'EDQUOT'
        ? `Make some room: df -h ${dirname(log)}`
        : 'Choose a place that this user may write: mirolive daemon --background --socket PATH';
    const words = `the log of the daemon cannot be written: ${dirname(log)}: ${message}`;
    throw new MiroliveError('DAEMON_START_FAILED', words, { cause, hint });
  }
}

async function takeLogName(ownLog: string, log: string): Promise<void> {
  await rename(log, `${log}.1`).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await rename(ownLog, log);
}

async function untilReady(client: Client, child: ChildProcess, log: string): Promise<Status> {
  const deadline = performance.now() + readyTimeoutMs;
  for (;;) {
    const status = await client.call('status', {}, { timeoutMs: 1000 }).catch((error: unknown) => {
      if (asMiroliveError(error).code === 'DAEMON_UNREACHABLE') return undefined;
      throw error;
    });
    if (status !== undefined && [status.pid, await parentOf(status.pid)].includes(child.pid ?? 0))
      return status;
    if (child.exitCode !== null || child.signalCode !== null) throw await startFailure(log, child);
    if (performance.now() > deadline) {
      const tail = await lastLines(log);
      throw new MiroliveError(
        'DAEMON_START_FAILED',
        [
          `the daemon did not answer within ${readyTimeoutMs / 1000} s; its log (${log}) ends with:`,
          ...tail,
        ].join('\n'),
      );
    }
    await delay(askEveryMs);
  }
}

/** The error that the daemon gave as its last line; else the end of its log. */
async function startFailure(log: string, child: ChildProcess): Promise<MiroliveError> {
  const tail = await lastLines(log);
  const own = errorIn(tail.at(-1) ?? '');
  if (own !== undefined) return new MiroliveError(own.code, own.message, { hint: own.hint });
  const how = child.signalCode ?? `status ${child.exitCode}`;
  return new MiroliveError(
    'DAEMON_START_FAILED',
    [`the daemon ended with ${how}; its log (${log}) ends with:`, ...tail].join('\n'),
  );
}

function errorIn(line: string): ErrorBody | undefined {
  try {
    return (JSON.parse(line) as { error?: ErrorBody }).error;
  } catch {
    return undefined;
  }
}

async function lastLines(log: string): Promise<string[]> {
  const text = await readFile(log, 'utf8');
  return text.trimEnd().split('\n').slice(-shownLogLines);
}

/** The process that started it; null: it is gone. */
async function parentOf(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const [, parent] = /^PPid:\s+(\d+)$/m.exec(status) ?? [];
  return parent === undefined ? null : Number(parent);
}
