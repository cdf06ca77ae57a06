import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import { MiroliveError } from '../../contract/errors.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { AuditLog, type Deed } from './audit-log.ts';
import { migrate, stateVersion } from './migrations.ts';
import { PlaceLock } from './place-lock.ts';
import { stateError } from './state-error.ts';

/** The folder and its files are the daemon's alone. */
const folderMode = 0o700;
const fileMode = 0o600;
/** How long a call may wait for a program that reads the database, in ms; the daemon does nothing else meanwhile. */
const busyTimeoutMs = 200;
export interface StateStoreOptions {
  readonly folder: string;
  /** The control socket, by which others are told who has the state. */
  readonly socket: string;
  readonly log: Logger;
}

/**
 * What survives a restart, in SQLite. A state that cannot be used is no reason for the daemon to end: each call opens it
 * anew where it is not open, and fails with STATE_UNAVAILABLE where that does not work.
 */
export class StateStore {
  readonly folder: string;
  /** The database. */
  readonly file: string;
  readonly #socket: string;
  readonly #log: Logger;
  #lock: PlaceLock | undefined;
  #database: DatabaseSync | undefined;
  readonly #audit = new AuditLog();
  #problem: { readonly message: string; readonly writing: boolean; readonly failures: number } | null = null;
  #closed = false;

  private constructor({ folder, socket, log }: StateStoreOptions) {
    this.folder = folder;
    this.#socket = socket;
    this.file = join(folder, 'state.db');
    this.#log = log;
  }

  static open(options: StateStoreOptions): StateStore {
    const store = new StateStore(options);
    try {
      store.#opened();
    } catch (error) {
      store.#failed(error, false);
    }
    return store;
  }

  /** What went wrong at the last attempt to use it; null: nothing. */
  get problem(): string | null {
    return this.#problem?.message ?? null;
  }

  /** How often in a row. */
  get failures(): number {
    return this.#problem?.failures ?? 0;
  }

  /** Finds out whether it can be used again, where it could not. */
  retry(): void {
    if (this.#problem === null) return;
    try {
      this.note((database) => database.exec(`PRAGMA user_version = ${stateVersion}`));
    } catch (error) {
      if (!(error instanceof MiroliveError)) throw error;
    }
  }

  /** @throws MiroliveError STATE_UNAVAILABLE */
  read<T>(query: (database: DatabaseSync) => T): T {
    return this.#use(query, false);
  }

  /**
   * Changes it, and writes the deed into the audit log: both or neither.
   *
   * @throws MiroliveError STATE_UNAVAILABLE
   */
  change<T>(deed: Deed, act: (database: DatabaseSync) => T): T {
    return this.#use((database) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = act(database);
        this.#audit.write(database, deed);
        database.exec('COMMIT');
        return result;
      } catch (error) {
        // A full disk has rolled it back already.
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    }, true);
  }

  /**
   * Notes what would do no harm if it were forgotten: it is no deed, and nobody waits for the disk.
   *
   * @throws MiroliveError STATE_UNAVAILABLE
   */
  note(act: (database: DatabaseSync) => void): void {
    this.#use((database) => {
      database.exec('PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE');
      try {
        act(database);
        database.exec('COMMIT');
      } finally {
        if (database.isTransaction) database.exec('ROLLBACK');
        database.exec('PRAGMA synchronous = FULL');
      }
    }, true);
  }

  /** Writes deeds that are done already. @throws MiroliveError STATE_UNAVAILABLE */
  noteDeeds(deeds: readonly Deed[]): void {
    this.note((database) => {
      for (const deed of deeds) this.#audit.write(database, deed);
    });
  }

  close(): void {
    this.#closed = true;
    this.#database?.close();
    this.#lock?.close();
    this.#database = undefined;
    this.#lock = undefined;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #use<T>(act: (database: DatabaseSync) => T, writing: boolean): T {
    try {
      const result = act(this.#opened());
      // A full disk can be read.
      if (writing || !this.#problem?.writing) this.#problem = null;
      return result;
    } catch (thrown) {
      throw this.#failed(thrown, writing);
    }
  }

  #opened(): DatabaseSync {
    if (this.#closed) throw new MiroliveError('SHUTTING_DOWN', 'the state is closed');
    if (this.#database) return this.#database;
    makeFolder(this.folder, folderMode);
    this.#lock ??= PlaceLock.take(join(this.folder, 'state'), this.#socket);
    const database = new DatabaseSync(this.file, { timeout: busyTimeoutMs });
    try {
      chmodSync(this.file, fileMode);
      // FULL: what was answered is on the disk, whatever happens to the machine.
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
      migrate(database);
    } catch (error) {
      database.close();
      throw error;
    }
    this.#database = database;
    return database;
  }

  /** Notes what is wrong with the state, once for each problem, and lets the next call open it anew: it may be another file then. */
  #failed(thrown: unknown, writing: boolean): unknown {
    const error = stateError(thrown, this.file);
    if (!(error instanceof MiroliveError) || error.code !== 'STATE_UNAVAILABLE') return error;
    const { message } = error;
    if (this.problem !== message) this.#log.error({ err: error }, 'the state cannot be used');
    this.#problem = { message, writing, failures: this.failures + 1 };
    this.#database?.close();
    this.#database = undefined;
    return error;
  }
}
