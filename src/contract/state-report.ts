/** A copy of the state that was made. */
export interface StateBackup {
  readonly file: string;
  /** When, in ISO 8601, UTC. */
  readonly at: string;
  readonly bytes: number;
}

/** What a look at the state has found. */
export interface StateReport {
  readonly file: string;
  /** `empty`: nothing was kept yet; `gone`: something was; `newer`: of a version that a newer mirolive makes. */
  readonly state: 'ok' | 'empty' | 'gone' | 'damaged' | 'newer';
  /** Of its schema. */
  readonly version: number;
  /** What is wrong; null: nothing. */
  readonly problem: string | null;
  /** Rows by table; null: cannot be read. */
  readonly rows: Readonly<Record<string, number>> | null;
  /** What was lost when a daemon began, in words; null: nothing, or it was restored or given up. */
  readonly lost: string | null;
  /** The newest first. */
  readonly backups: readonly StateBackup[];
}

/** What a restore would do. */
export interface StateRestorePlan {
  /** The backup. */
  readonly from: string;
  /** Rooms where it has something on air, or a run of a schedule that goes on or waits. */
  readonly onAir: readonly string[];
}

/** What a restore has done. */
export interface StateRestore {
  /** The backup. */
  readonly from: string;
  readonly file: string;
  /** What was there before; null: nothing. */
  readonly setAside: string | null;
  /** Keys and tokens of the backup that were revoked, or given another secret, since it was made. */
  readonly revoked: number;
  /** Rooms that have been closed, or not open any more, since it was made, and stay so. */
  readonly closed: readonly string[];
  /** Rooms where something goes on air again that was not to be any more. */
  readonly onAir: readonly string[];
  /** Rooms where something would have gone on air, and does not, as it was asked for. */
  readonly takenOff: readonly string[];
}
