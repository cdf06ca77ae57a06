import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import { MiroliveError } from '../../contract/errors.ts';
import { migrate } from './migrations.ts';
import { stateError } from './state-error.ts';

/** The folder and its files are the daemon's alone. */
const folderMode = 0o700;
const fileMode = 0o600;
/** How long a call may wait for a program that reads the database, in ms; the daemon does nothing else meanwhile. */
const busyTimeoutMs = 200;
/** Entries of the audit log that are kept. */
const maxAuditEntries = 100_000;

/** An entry of the audit log: who did what to what. */
export interface Deed {
  /** `socket`: somebody who may use the control socket; `daemon`: it did so itself. */
  readonly who: 'socket' | 'daemon';
  /** Such as `key.created`. */
  readonly what: string;
  /** The id, or the name, of what it was done to. */
  readonly subject: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

export interface StateStoreOptions {
  readonly folder: string;
  readonly log: Logger;
}

/**
 * What survives a restart, in SQLite. A state that cannot be used is no reason for the daemon to end: each call opens it
 * anew where it is not open, and fails with STATE_UNAVAILABLE where that does not work.
 */
export class StateStore {
  readonly folder: string;
  readonly #file: string;
  readonly #log: Logger;
  #lock: DatabaseSync | undefined;
  #database: DatabaseSync | undefined;
  #problem: string | null = null;
  #closed = false;

  private constructor({ folder, log }: StateStoreOptions) {
    this.folder = folder;
    this.#file = join(folder, 'state.db');
    this.#log = log;
  }

  static open(options: StateStoreOptions): StateStore {
    const store = new StateStore(options);
    try {
      store.#opened();
    } catch (error) {
      store.#failed(error);
    }
    return store;
  }

  /** What went wrong at the last attempt to use it; null: nothing. */
  get problem(): string | null {
    return this.#problem;
  }

  /** @throws MiroliveError STATE_UNAVAILABLE */
  read<T>(query: (database: DatabaseSync) => T): T {
    return this.#use(query);
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
        database
          .prepare('INSERT INTO audit (at, who, what, subject, details) VALUES (?, ?, ?, ?, ?)')
          .run(Date.now(), deed.who, deed.what, deed.subject, JSON.stringify(deed.details ?? {}));
        database.exec('COMMIT');
        return result;
      } catch (error) {
        // A full disk has rolled it back already.
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
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

  #use<T>(act: (database: DatabaseSync) => T): T {
    try {
      const result = act(this.#opened());
      this.#problem = null;
      return result;
    } catch (thrown) {
      throw this.#failed(thrown);
    }
  }

  #opened(): DatabaseSync {
    if (this.#closed) throw new MiroliveError('SHUTTING_DOWN', 'the state is closed');
    if (this.#database) return this.#database;
    mkdirSync(this.folder, { recursive: true, mode: folderMode });
    this.#lock ??= lockFile(join(this.folder, 'state.lock'));
    const database = new DatabaseSync(this.#file, { timeout: busyTimeoutMs });
    try {
      chmodSync(this.#file, fileMode);
      // FULL: what was answered is on the disk, whatever happens to the machine.
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
      migrate(database);
      const oldest = `(SELECT max(id) FROM audit) - ${maxAuditEntries}`;
      database.exec(`DELETE FROM audit WHERE id <= ${oldest}`);
    } catch (error) {
      database.close();
      throw error;
    }
    this.#database = database;
    return database;
  }

  /** Notes what is wrong with the state, once for each problem, and lets the next call open it anew: it may be another file then. */
  #failed(thrown: unknown): unknown {
    const error = stateError(thrown, this.#file);
    if (!(error instanceof MiroliveError) || error.code !== 'STATE_UNAVAILABLE') return error;
    if (this.#problem !== error.message) this.#log.error({ err: error }, 'the state cannot be used');
    this.#problem = error.message;
    this.#database?.close();
    this.#database = undefined;
    return error;
  }
}

/** Two daemons must not have one state. SQLite's own lock is given back when the process dies, in whatever way. */
function lockFile(path: string): DatabaseSync {
  const lock = new DatabaseSync(path);
  try {
    chmodSync(path, fileMode);
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw error;
  }
}
