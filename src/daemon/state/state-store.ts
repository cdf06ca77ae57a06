import { chmodSync, existsSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Logger } from 'pino';
import { systemClock } from '../../contract/clock.ts';
import { MiroliveError } from '../../contract/errors.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { fileTrouble } from '../file-trouble.ts';
import { AuditLog, type Deed } from './audit-log.ts';
import { conditionOf } from './condition.ts';
import { copyOpen, fileMode, folderMode, identityOf, replaceDatabase, unusedFile } from './database-files.ts';
import { largeLogBytes } from './log-watch.ts';
import { makeState } from './make-state.ts';
import { migrate, stateVersion, versionOf } from './migrations.ts';
import { PlaceLock } from './place-lock.ts';
import { banAgain, rememberBans } from './remembered-bans.ts';
import { rememberRevoked, revokeAgain } from './revocations.ts';
import { restoreHint, stateError } from './state-error.ts';
import {
  asideFile,
  databaseFile,
  goneWords,
  lastGoodBackup,
  lostState,
  makeBackup,
  rememberLost,
} from './state-files.ts';

/** How long a call may wait for a program that reads the database, in ms; the daemon does nothing else meanwhile. */
const busyTimeoutMs = 200;
export interface StateStoreOptions {
  readonly folder: string;
  /** The control socket, by which others are told who has the state. */
  readonly socket: string;
  readonly log: Logger;
}

/** What went wrong with a call. */
interface Problem {
  readonly message: string;
  readonly failures: number;
  readonly writing: boolean;
  /** Does what failed once more, and changes nothing by it; null: whether anything can be written is what counts. */
  readonly again: Act<unknown> | null;
}

type Act<T> = (database: DatabaseSync) => T;

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
  #problem: Problem | null = null;
  #closed = false;
  #examined = false;
  /** Of the file that is open, or was. */
  #identity: string | undefined;
  #copiedBefore: number | undefined;
  #unread = false;

  private constructor({ folder, socket, log }: StateStoreOptions) {
    this.folder = folder;
    this.#socket = socket;
    this.file = databaseFile(folder);
    this.#log = log;
  }

  static open(options: StateStoreOptions): StateStore {
    const store = new StateStore(options);
    try {
      store.#opened();
    } catch (error) {
      store.#failed(error, false, () => {});
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

  /**
   * What is lost, in words: a state that was damaged, or gone, when a daemon began, and that nobody has restored or given up. Until then
   * nothing is to be open that its rooms did not let in. null: nothing.
   */
  get lost(): string | null {
    return lostState(this.folder);
  }

  /** It was opened without being read whole, since that takes too long for a start. */
  get unread(): boolean {
    return this.#unread;
  }

  /** Finds out whether it can be used again, where it could not, and puts it back where it was taken away. */
  retry(): void {
    if (!this.#isInPlace() || this.#problem === null) return;
    const { again, writing } = this.#problem;
    try {
      if (again === null) this.note((database) => database.exec(`PRAGMA user_version = ${stateVersion}`));
      else {
        again(this.#opened());
        this.#problem = null;
      }
    } catch (thrown) {
      const error = again === null ? thrown : this.#failed(thrown, writing, again);
      if (!(error instanceof MiroliveError)) throw error;
    }
  }

  /** @throws MiroliveError STATE_UNAVAILABLE */
  read<T>(query: Act<T>): T {
    return this.#use(query);
  }

  /**
   * Changes it, and writes the deed, or several, into the audit log: all or nothing.
   *
   * @throws MiroliveError STATE_UNAVAILABLE
   */
  change<T>(deed: Deed | readonly Deed[], act: Act<T>): T {
    return this.write((database) => {
      const result = act(database);
      for (const one of [deed].flat()) this.#audit.write(database, one);
      return result;
    });
  }

  /**
   * Changes it without a deed, all of it or nothing: it is on the disk when this returns.
   *
   * @throws MiroliveError STATE_UNAVAILABLE
   */
  write<T>(act: Act<T>): T {
    return this.#use((database) => {
      database.exec('BEGIN IMMEDIATE');
      try {
        const result = act(database);
        database.exec('COMMIT');
        return result;
      } catch (error) {
        // A full disk has rolled it back already.
        if (database.isTransaction) database.exec('ROLLBACK');
        throw error;
      }
    }, takenBack(act));
  }

  /**
   * Notes what would do no harm if it were forgotten: it is no deed, and nobody waits for the disk.
   *
   * @throws MiroliveError STATE_UNAVAILABLE
   */
  note(act: Act<void>): void {
    this.#use((database) => {
      database.exec('PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE');
      try {
        act(database);
        database.exec('COMMIT');
      } finally {
        if (database.isTransaction) database.exec('ROLLBACK');
        database.exec('PRAGMA synchronous = FULL');
      }
    }, takenBack(act));
  }

  /** Writes deeds that are done already. @throws MiroliveError STATE_UNAVAILABLE */
  noteDeeds(deeds: readonly Deed[]): void {
    this.note((database) => {
      for (const deed of deeds) this.#audit.write(database, deed);
    });
  }

  /** Remembers beside the state which secrets are void by it. What is not written is, when the state is opened the next time. */
  rememberRevoked(): void {
    try {
      if (this.#database) rememberRevoked(this.folder, this.#database, systemClock.wallMs());
    } catch (error) {
      this.#log.warn(
        { err: error },
        'which stream keys and tokens are revoked is in the state, but not beside it: no older backup should be restored',
      );
    }
  }

  /** Remembers beside the state who is banned by it, so that no backup lets anybody in again, and that it is known where the state cannot be read. */
  rememberBans(): void {
    try {
      if (this.#database) rememberBans(this.folder, this.#database, systemClock.wallMs());
    } catch (error) {
      this.#log.warn(
        { err: error },
        'who is banned is in the state, but not beside it: no older backup should be restored',
      );
    }
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

  /** @param again the same, where it writes, without a trace */
  #use<T>(act: Act<T>, again?: Act<unknown>): T {
    const writing = again !== undefined;
    try {
      const result = act(this.#opened());
      // A full disk can be read; and what can be done says nothing of what is damaged elsewhere.
      if (!this.#problem?.again && (writing || !this.#problem?.writing)) this.#problem = null;
      return result;
    } catch (thrown) {
      throw this.#failed(thrown, writing, again ?? act);
    }
  }

  /** What is open has no name any more where somebody removed it, or put another there: it is all there still, and gets it back. */
  #isInPlace(): boolean {
    if (!this.#database || identityOf(this.file) === this.#identity) return true;
    const aside = asideFile(this.folder, 'not-in-use', systemClock.wallMs());
    try {
      makeFolder(this.folder, folderMode);
      const fresh = unusedFile(`${this.file}.new`);
      copyOpen(this.#database, fresh);
      // Its log is ours, and goes.
      if (existsSync(this.file)) renameSync(this.file, aside);
      replaceDatabase(this.file, fresh, null);
      // The lock may be gone, too.
      this.#lock?.close();
      this.#lock = undefined;
      this.#database.close();
      this.#database = undefined;
      this.#opened();
    } catch (thrown) {
      const { message } = stateError(thrown, this.file, true) as Error;
      this.#problem = { message, writing: true, failures: this.failures + 1, again: null };
      return false;
    }
    const there = existsSync(aside) ? `; what was there is set aside as ${aside}` : '';
    this.#log.error(`the state was removed while it is in use, and is put back${there}: ${this.file}`);
    return true;
  }

  #opened(): DatabaseSync {
    if (this.#closed) throw new MiroliveError('SHUTTING_DOWN', 'the state is closed');
    if (this.#database) return this.#database;
    makeFolder(this.folder, folderMode);
    this.#lock ??= PlaceLock.take(join(this.folder, 'state'), this.#socket);
    this.#prepare();
    const database = new DatabaseSync(this.file, { timeout: busyTimeoutMs });
    try {
      chmodSync(this.file, fileMode);
      // FULL: what was answered is on the disk, whatever happens to the machine.
      database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
      // Bringing it into the database is another thread's, so that this one never waits for that.
      database.exec(`PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = ${largeLogBytes}`);
      this.#migrate(database);
      revokeAgain(this.folder, database);
      banAgain(this.folder, database);
    } catch (error) {
      database.close();
      throw error;
    }
    this.#database = database;
    this.#identity = identityOf(this.file);
    this.rememberRevoked();
    this.rememberBans();
    return database;
  }

  /** What cannot be read is put out of the way, and what is not there is made; what is lost by it is said. */
  #prepare(): void {
    const condition = conditionOf(this.folder, { whole: !this.#examined });
    this.#examined = true;
    if (condition.is === 'usable') {
      this.#unread ||= condition.unread;
      return;
    }
    const aside = asideFile(this.folder, 'damaged', systemClock.wallMs());
    if (condition.is === 'damaged')
      this.#lose(`the state was damaged, and is set aside as ${aside}`, { problem: condition.problem });
    else if (condition.is === 'gone' || this.#identity !== undefined) this.#lose(goneWords, { keep: true });
    makeState(this.folder, aside);
  }

  /** It is remembered before anything is done about it. @param keep what was lost before stays what is said, if anything was */
  #lose(
    words: string,
    { keep = false, problem }: { readonly keep?: boolean; readonly problem?: string },
  ): void {
    if (!keep || this.lost === null) rememberLost(this.folder, words);
    const hint = restoreHint(lastGoodBackup(this.folder));
    this.#log.error({ problem, hint }, problem === undefined ? words : `${words}: ${problem}`);
  }

  /** What a newer version makes of it an older one cannot read: there is a way back. */
  #migrate(database: DatabaseSync): void {
    const version = versionOf(database);
    if (version > 0 && version < stateVersion && this.#copiedBefore !== version) {
      // Once: where it cannot be brought up to date it is tried again and again.
      this.#copiedBefore = version;
      try {
        makeBackup(this.folder, systemClock.wallMs(), version);
      } catch (error) {
        this.#log.warn(
          { err: error },
          `no backup of the state of version ${version}, which is brought up to date`,
        );
      }
    }
    migrate(database);
  }

  /** Notes what is wrong with the state, once for each problem, and lets the next call open it anew: it may be another file then. */
  #failed(thrown: unknown, writing: boolean, again: Act<unknown>): unknown {
    const error = stateError(thrown, this.file, this.#lock !== undefined);
    if (!(error instanceof MiroliveError) || error.code !== 'STATE_UNAVAILABLE') return error;
    const { message } = error;
    if (this.problem !== message) this.#log.error({ err: error }, 'the state cannot be used');
    const isElsewhere = ['held', 'full', 'unwritable'].includes(fileTrouble(thrown));
    this.#problem = { message, writing, failures: this.failures + 1, again: isElsewhere ? null : again };
    this.#database?.close();
    this.#database = undefined;
    return error;
  }
}

/** What would be written, and is not. */
function takenBack(act: Act<unknown>): Act<void> {
  return (database) => {
    database.exec('BEGIN IMMEDIATE');
    try {
      act(database);
    } finally {
      if (database.isTransaction) database.exec('ROLLBACK');
    }
  };
}
