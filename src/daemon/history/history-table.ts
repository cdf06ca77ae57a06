import type { DatabaseSync } from 'node:sqlite';

/** How much of the past is kept. */
export interface HistoryLimits {
  /** What is older goes, in ms. */
  readonly keepMs: number;
  /** What it takes on the disk, about, in bytes. */
  readonly maxBytes: number;
  /** Addresses that are older are taken out of what stays, in ms. */
  readonly keepAddressesMs: number;
}

/** What somebody wants removed: of one room, and older than a moment, since 1970. */
export interface RemovedPast {
  readonly room: string;
  readonly beforeMs: number;
}

/** One kind of what is kept in the history's file: it makes its tables, fills them, keeps them within their bounds, and reads them. */
export interface HistoryTable<Row, Query, Result> {
  /** Makes what it needs where that is not there. @param nowMs since 1970 */
  begin(database: DatabaseSync, nowMs: number): void;
  write(database: DatabaseSync, rows: readonly Row[], limits: HistoryLimits): void;
  /** What was to be written up to this moment is lost: whoever reads is told. */
  lose(database: DatabaseSync, atMs: number): void;
  /** Removes what is too old, and addresses that are. @returns whether addresses were taken out */
  tidy(database: DatabaseSync, limits: HistoryLimits, nowMs: number): boolean;
  /** Removes what is of a room, and older. @returns how many rows that were */
  remove(database: DatabaseSync, what: RemovedPast): number;
  read(database: DatabaseSync, query: Query): Result;
  /** What it knows of a database by heart may be wrong: something was rolled back. */
  forget(database: DatabaseSync): void;
}
