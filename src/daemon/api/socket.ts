import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname } from 'node:path';
import { MiroliveError } from '../../contract/errors.ts';

/** The folder is the daemon's and its group's; the socket may be used by that group. */
const folderMode = 0o750;
const socketMode = 0o660;
/** Linux allows 107 bytes in a socket's path (`sun_path` of unix(7), less the closing zero). */
const maxPathBytes = 107;

/**
 * Listens on the control socket. A living daemon there is never disturbed (DAEMON_RUNNING); a socket that nobody answers on
 * is replaced; anything else at that place is left alone.
 */
export async function openControlSocket(path: string, listen: () => Promise<unknown>): Promise<void> {
  if (Buffer.byteLength(path) > maxPathBytes) {
    throw new MiroliveError(
      'INVALID_CONFIG',
      `expected a socket path of at most ${maxPathBytes} bytes, got ${path}`,
      {
        hint: 'Choose a shorter one: --socket PATH',
      },
    );
  }
  await mkdir(dirname(path), { recursive: true, mode: folderMode });
  await removeStale(path);
  // Nobody else may connect before the mode is set.
  const umask = process.umask(0o177);
  try {
    await listen();
  } finally {
    process.umask(umask);
  }
  await chmod(path, socketMode);
}

/** Removes the socket's file when the daemon ends. */
export async function removeControlSocket(path: string): Promise<void> {
  await rm(path, { force: true });
}

async function removeStale(path: string): Promise<void> {
  const stats = await lstat(path).catch(() => undefined);
  if (!stats) return;
  if (!stats.isSocket()) {
    throw new MiroliveError('INVALID_CONFIG', `expected a socket or nothing at ${path}, found a file`, {
      hint: 'Choose another path: --socket PATH',
    });
  }
  if (await answers(path)) {
    throw new MiroliveError('DAEMON_RUNNING', `a daemon already answers on ${path}`);
  }
  await rm(path, { force: true });
}

function answers(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
