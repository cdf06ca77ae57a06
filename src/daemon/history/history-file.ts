import { chmodSync, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { BackOff } from '../../contract/back-off.ts';
import type { Clock } from '../../contract/clock.ts';
import { makeFolder } from '../../files/make-folder.ts';
import { fileTrouble } from '../file-trouble.ts';
import { fileMode, folderMode, identityOf } from '../state/database-files.ts';
import type { HistoryAnswer, HistoryBatch, HistoryPart } from './history-messages.ts';
import type { HistoryLimits, HistoryTable, RemovedPast } from './history-table.ts';
import type { TableName } from './tables.ts';

/** Of what the file is. Another version's is put out of the way: what has happened is no state that has to be kept. */
const version = 1;
/** How long it waits for who reads the file, in ms. */
const busyTimeoutMs = 5000;
/** What is held while the file cannot be written, in bytes. */
const spareBytes = 4 * 1024 * 1024;
/** What its log may take when nobody reads, in bytes. */
const logBytes = 1024 * 1024;
/** Pages that hold nothing are given back to the system where they are more. */
const freePages = 2500;

type Tables = Readonly<Record<TableName, HistoryTable<never, never, unknown>>>;

/** What stands for the file while it cannot be written. */
interface Spare {
  readonly database: DatabaseSync;
  readonly batches: { readonly batch: HistoryBatch; readonly bytes: number; readonly atMs: number }[];
  bytes: number;
  /** Something until then is lost; null: nothing is. */
  lostMs: number | null;
}

/** The history's file, as its thread has it: begun anew where it is damaged, and replaced by the memory while it cannot be written. */
export class HistoryFile {
  readonly #path: string;
  readonly #tables: Tables;
  readonly #clock: Clock;
  readonly #backOff = new BackOff();
  /** Of the first file; another one begins when it is made. */
  #sinceMs: number | null;
  #database: DatabaseSync | undefined;
  #identity: string | undefined;
  #spare: Spare | undefined;
  #trouble: { readonly reason: string; readonly notBeforeMs: number } | null = null;
  #setAside: HistoryAnswer['setAside'] = null;

  /** @param sinceMs from when on what happens is given to it, since 1970 */
  constructor(path: string, tables: object, clock: Clock, sinceMs = clock.wallMs()) {
    this.#path = path;
    // Each table takes its own rows; which is whose is known by name only.
    this.#tables = tables as Tables;
    this.#clock = clock;
    this.#sinceMs = sinceMs;
  }

  get #aside(): string {
    return `${this.#path}.damaged`;
  }

  /** What is wrong with it; null: nothing. */
  get trouble(): HistoryAnswer['trouble'] {
    if (this.#trouble === null) return null;
    const { reason, notBeforeMs } = this.#trouble;
    const nextTryMs = Math.max(0, notBeforeMs - this.#clock.nowMs());
    return { reason, failures: this.#backOff.state.failures, nextTryMs };
  }

  /** What was put out of the way since this was asked last. */
  takeSetAside(): HistoryAnswer['setAside'] {
    const told = this.#setAside;
    this.#setAside = null;
    return told;
  }

  /** Into the file; where that cannot be, into the memory until it can. */
  write(batch: HistoryBatch, lostMs: number | null, limits: HistoryLimits): void {
    const done = this.#try((database) => {
      this.#lose(database, lostMs);
      this.#insert(database, batch, limits);
    });
    if (!done) this.#hold(batch, lostMs, limits);
  }

  /** What is too old goes, also out of pages that nobody uses any more. */
  tidy(limits: HistoryLimits): void {
    const nowMs = this.#clock.wallMs();
    let scrubbed = false;
    const act = (database: DatabaseSync) => {
      scrubbed = this.#all()
        .map((table) => table.tidy(database, limits, nowMs))
        .includes(true);
    };
    const done = this.#try(act);
    this.#forgetAside(Math.min(limits.keepMs, limits.keepAddressesMs), nowMs);
    const database = this.#database;
    if (!done || !database) return;
    try {
      const free = Number(database.prepare('PRAGMA freelist_count').get()?.freelist_count);
      if (free > freePages) database.exec('PRAGMA incremental_vacuum');
      if (scrubbed || free > freePages) database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Removes it now, also out of the pages of the file, table by table. @throws Error where the file cannot be written */
  remove(what: RemovedPast): Record<TableName, number> {
    let removed: [string, number][] = [];
    const act = (database: DatabaseSync) => {
      removed = Object.entries(this.#tables).map(([name, table]) => [name, table.remove(database, what)]);
    };
    if (!this.#try(act)) throw new Error(this.#trouble?.reason ?? 'the file cannot be written');
    this.#database?.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return Object.fromEntries(removed) as Record<TableName, number>;
  }

  /** null: there is no such part. */
  read(table: TableName, query: unknown, part: HistoryPart): unknown {
    if (part === 0 || part === 'file') this.#try(() => {});
    const parts = [this.#database, this.#spare?.database].filter((one) => one !== undefined);
    const database = part === 'file' ? this.#database : parts[part];
    if (!database) return null;
    try {
      return this.#tables[table].read(database, query as never);
    } catch (error) {
      // Who reads may be the first to find it.
      if (database === this.#database && fileTrouble(error) === 'damaged') this.#failed(error);
      throw error;
    }
  }

  close(): void {
    this.#database?.close();
    this.#spare?.database.close();
    this.#database = undefined;
    this.#spare = undefined;
  }

  #all(): HistoryTable<never, never, unknown>[] {
    return Object.values(this.#tables);
  }

  #lose(database: DatabaseSync, lostMs: number | null): void {
    if (lostMs !== null) for (const table of this.#all()) table.lose(database, lostMs);
  }

  #insert(database: DatabaseSync, batch: HistoryBatch, limits: HistoryLimits): void {
    for (const name of Object.keys(this.#tables) as TableName[]) {
      const rows = batch.filter(({ table }) => table === name).map(({ row }) => row as never);
      if (rows.length > 0) this.#tables[name].write(database, rows, limits);
    }
  }

  /** Whether it was done, in the file. */
  #try(act: (database: DatabaseSync) => void): boolean {
    if (this.#trouble !== null && this.#clock.nowMs() < this.#trouble.notBeforeMs) return false;
    try {
      const opened = this.#opened();
      // What was held is older. All of it or nothing: what is given again stands there once.
      transact(opened, () => {
        this.#bringBack(opened);
        act(opened);
      });
      this.#spare?.database.close();
      this.#spare = undefined;
      this.#trouble = null;
      this.#backOff.reset();
      return true;
    } catch (error) {
      this.#failed(error);
    }
    if (this.#trouble !== null) return false;
    // What was damaged is out of the way.
    return this.#try(act);
  }

  /** What was held while the file could not be written goes there. */
  #bringBack(database: DatabaseSync): void {
    const spare = this.#spare;
    if (!spare) return;
    const unbounded = { keepMs: Infinity, maxBytes: Infinity, keepAddressesMs: Infinity };
    this.#lose(database, spare.lostMs);
    for (const { batch } of spare.batches) this.#insert(database, batch, unbounded);
  }

  #hold(batch: HistoryBatch, lostMs: number | null, limits: HistoryLimits): void {
    const database = this.#spare?.database ?? this.#begun(new DatabaseSync(':memory:'));
    this.#spare ??= { database, batches: [], bytes: 0, lostMs: null };
    const spare = this.#spare;
    transact(database, () => {
      this.#lose(database, lostMs);
      this.#insert(database, batch, { ...limits, maxBytes: spareBytes });
    });
    spare.lostMs = lostMs ?? spare.lostMs;
    const bytes = JSON.stringify(batch).length;
    spare.batches.push({ batch, bytes, atMs: this.#clock.wallMs() });
    spare.bytes += bytes;
    while (spare.bytes > spareBytes) {
      const oldest = spare.batches.shift();
      if (!oldest) break;
      spare.bytes -= oldest.bytes;
      spare.lostMs = Math.max(spare.lostMs ?? 0, oldest.atMs);
    }
  }

  #opened(): DatabaseSync {
    const now = identityOf(this.#path);
    if (this.#database && now === this.#identity) return this.#database;
    this.#database?.close();
    this.#database = undefined;
    makeFolder(dirname(this.#path), folderMode);
    const database = new DatabaseSync(this.#path, { timeout: busyTimeoutMs });
    try {
      chmodSync(this.#path, fileMode);
      database.exec(
        'PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL',
      );
      // What was removed, such as addresses, is not to be found in the file.
      database.exec(`PRAGMA secure_delete = ON; PRAGMA journal_size_limit = ${logBytes}`);
      const found = Number(database.prepare('PRAGMA user_version').get()?.user_version);
      if (found !== 0 && found !== version) throw new AnotherVersion(found);
      this.#begun(database);
    } catch (error) {
      database.close();
      throw error;
    }
    this.#database = database;
    this.#sinceMs = null;
    this.#identity = identityOf(this.#path);
    return database;
  }

  #begun(database: DatabaseSync): DatabaseSync {
    transact(database, () => {
      for (const table of this.#all()) table.begin(database, this.#sinceMs ?? this.#clock.wallMs());
      database.exec(`PRAGMA user_version = ${version}`);
    });
    return database;
  }

  #failed(error: unknown): void {
    const { message } = error as Error;
    const trouble = fileTrouble(error);
    if (this.#database && trouble === 'full') {
      // What is there can be read.
      for (const table of this.#all()) table.forget(this.#database);
    } else {
      this.#database?.close();
      this.#database = undefined;
    }
    const isUseless = error instanceof AnotherVersion || trouble === 'damaged' || trouble === 'changed';
    if (isUseless && this.#putAside(message)) return;
    const nowMs = this.#clock.nowMs();
    // The first failure too: nobody waits for it, and a full disk is not emptied at once.
    const waitMs = Math.max(1000, this.#backOff.failed(nowMs));
    this.#trouble = { reason: `${this.#path}: ${message}`, notBeforeMs: nowMs + waitMs };
  }

  /** What was put out of the way has addresses too. */
  #forgetAside(keepMs: number, nowMs: number): void {
    const { mtimeMs = nowMs } = statSync(this.#aside, { throwIfNoEntry: false }) ?? {};
    if (mtimeMs < nowMs - keepMs) rmSync(this.#aside, { force: true });
  }

  /** Whether it is out of the way, once for each file: one that cannot be begun anew either is no better the next time. */
  #putAside(reason: string): boolean {
    const file = this.#aside;
    try {
      if (!existsSync(this.#path) || this.#setAside !== null) return false;
      for (const end of ['-wal', '-shm']) rmSync(this.#path + end, { force: true });
      renameSync(this.#path, file);
      chmodSync(file, fileMode);
    } catch {
      return false;
    }
    this.#setAside = { file, reason };
    this.#trouble = null;
    return true;
  }
}

class AnotherVersion extends Error {
  constructor(found: number) {
    super(`expected a history of version ${version}, got ${found}`);
  }
}

function transact(database: DatabaseSync, act: (database: DatabaseSync) => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    act(database);
    database.exec('COMMIT');
  } finally {
    // A full disk has rolled it back already.
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}
