import { once } from 'node:events';
import { chmodSync, lstatSync, renameSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import type { Logger } from 'pino';
import { type Clock, every, type Timer } from '../../contract/clock.ts';
import { asMiroliveError, MiroliveError } from '../../contract/errors.ts';
import { quoted } from '../../contract/quoted.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { ownerWords, readOwner } from '../../files/owner.ts';
import { type FileTrouble, fileTrouble } from '../file-trouble.ts';
import { folderHint } from '../folder-hint.ts';
import type { Health } from '../health.ts';
import { PlaceLock } from '../state/place-lock.ts';

/** The folder is the daemon's and its group's; the socket may be used by that group. */
const folderMode = 0o750;
const socketMode = 0o660;
/** Linux allows 107 bytes in a socket's path (`sun_path` of unix(7), less the closing zero). */
const maxPathBytes = 107;
/** How often it is looked whether the socket is there still, in ms. */
const lookEveryMs = 1000;

export interface ControlSocketOptions {
  readonly path: string;
  readonly log: Logger;
  readonly clock: Clock;
  /** Hears where it cannot be had back. */
  readonly health: Pick<Health, 'lost' | 'found'>;
}

/** What operators are told of it as. */
const part = 'socket';

/**
 * The place of the control socket: had by one daemon at a time, and looked after. A socket that is removed or replaced, alone or
 * with its folder, as at a log-out, is made again.
 */
export class ControlSocket {
  readonly #options: ControlSocketOptions;
  readonly #servers = new Set<Server>();
  #lock: PlaceLock;
  #createServer: (() => Server) | undefined;
  /** Of the socket that is ours. */
  #inode: bigint | undefined;
  #timer: Timer | undefined;
  #restoring = false;
  /** How often it could not be made again, in a row. */
  #failures = 0;
  #closed = false;

  private constructor(options: ControlSocketOptions, lock: PlaceLock) {
    this.#options = options;
    this.#lock = lock;
  }

  /** Takes the place. @throws MiroliveError DAEMON_RUNNING, INVALID_CONFIG, DAEMON_START_FAILED, INTERNAL */
  static async take(options: ControlSocketOptions): Promise<ControlSocket> {
    const { path } = options;
    if (Math.max(Buffer.byteLength(path), Buffer.byteLength(unreadyPath(path))) > maxPathBytes) {
      throw new MiroliveError(
        'INVALID_CONFIG',
        `expected a socket path of at most ${maxPathBytes} bytes, got ${path}`,
        { hint: 'Choose a shorter one: --socket PATH' },
      );
    }
    const lock = takeLock(path);
    try {
      await refuseOthers(path);
      return new ControlSocket(options, lock);
    } catch (error) {
      lock.close();
      throw error;
    }
  }

  /** Listens, from now on. @param createServer makes a server that does not listen yet */
  async listen(createServer: () => Server): Promise<void> {
    this.#createServer = createServer;
    await this.#open(createServer);
    this.#timer = every(this.#options.clock, lookEveryMs, () => void this.#look());
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    try {
      if (this.#isOurs()) rmSync(this.#options.path, { force: true });
    } catch (error) {
      this.#options.log.error({ err: error }, 'the control socket cannot be removed');
    }
    await Promise.all(
      [...this.#servers].map((server) => {
        server.closeAllConnections();
        return new Promise((resolve) => server.close(resolve));
      }),
    );
    this.#lock.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Under another name first: nobody may connect before its mode is set, and what is there is replaced in one step. */
  async #open(createServer: () => Server): Promise<void> {
    const { path } = this.#options;
    const unready = unreadyPath(path);
    rmSync(unready, { force: true });
    const server = createServer().listen(unready);
    await once(server, 'listening');
    try {
      chmodSync(unready, socketMode);
      renameSync(unready, path);
      this.#inode = inodeOf(path);
    } catch (error) {
      server.close();
      throw error;
    }
    this.#servers.add(server);
    server.once('close', () => this.#servers.delete(server));
  }

  async #look(): Promise<void> {
    if (this.#restoring || this.#closed || !this.#createServer) return;
    const { path, log, health } = this.#options;
    this.#restoring = true;
    const before = [...this.#servers];
    try {
      if (this.#isOurs()) return;
      this.#lock.close();
      this.#lock = takeLock(path);
      await refuseOthers(path);
      if (this.#closed) return;
      await this.#open(this.#createServer);
      // What it answers still is answered; nobody can come to it any more.
      for (const server of before) server.close();
      this.#failures = 0;
      health.found(part);
      log.warn({ socket: path }, 'the control socket was gone; it is there again');
    } catch (error) {
      const reason = asMiroliveError(error).message;
      health.lost(part, { reason, failures: ++this.#failures, nextTryMs: lookEveryMs });
    } finally {
      this.#restoring = false;
    }
  }

  #isOurs(): boolean {
    return this.#inode !== undefined && inodeOf(this.#options.path) === this.#inode;
  }
}

/** Short, and beside the socket. */
function unreadyPath(path: string): string {
  return join(dirname(path), `.${process.pid}`);
}

function inodeOf(path: string): bigint | undefined {
  return lstatSync(path, { bigint: true, throwIfNoEntry: false })?.ino;
}

function takeLock(path: string): PlaceLock {
  try {
    makeFolder(dirname(path), folderMode);
    return PlaceLock.take(path, path);
  } catch (cause) {
    const trouble = fileTrouble(cause);
    if (trouble !== 'held') throw lockError(trouble, path, cause);
    const owner = readOwner(path);
    const who = owner ? ownerWords(owner) : path;
    throw new MiroliveError('DAEMON_RUNNING', `a daemon runs already: ${who}`, { cause });
  }
}

function lockError(trouble: FileTrouble, path: string, cause: unknown): MiroliveError {
  const words = `the control socket ${path} cannot be made: ${(cause as Error).message}`;
  const folder = dirname(path);
  if (trouble === 'unwritable')
    return new MiroliveError('INVALID_CONFIG', words, { cause, hint: folderHint(folder) });
  const lock = `${path}.lock`;
  const hint =
    trouble === 'full'
      ? `Make some room: df -h ${folder}`
      : trouble === 'damaged'
        ? `Move it away: mv ${lock} ${lock}.damaged`
        : undefined;
  // What the disk says of itself is no fault of the daemon's.
  const code = hint === undefined ? 'INTERNAL' : 'DAEMON_START_FAILED';
  return new MiroliveError(code, words, { cause, ...(hint && { hint }) });
}

/** A living daemon is never disturbed; a socket that nobody answers on will be replaced; anything else is left alone. */
async function refuseOthers(path: string): Promise<void> {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats) return;
  if (!stats.isSocket()) {
    throw new MiroliveError('INVALID_CONFIG', `expected a socket or nothing at ${path}, found a file`, {
      hint: `Move it away, such as: mv ${quoted(path)} ${quoted(`${path}.old`)}; or choose another path: --socket PATH`,
    });
  }
  if (await answers(path)) throw new MiroliveError('DAEMON_RUNNING', `a daemon already answers on ${path}`);
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
