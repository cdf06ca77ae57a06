import type { HistoryLimits, RemovedPast } from './history-table.ts';
import type { TableName } from './tables.ts';

/** Rows of tables, in the order in which they came. */
export type HistoryBatch = readonly { readonly table: TableName; readonly row: unknown }[];

/** Of what is there: 0 the file, or what stands for it, 1 what is held while the file cannot be written; or the file alone. */
export type HistoryPart = number | 'file';

/** What the thread of the history is asked for. */
export type HistoryTask =
  | {
      readonly do: 'write';
      readonly batch: HistoryBatch;
      /** What was to be written up to this moment, and is lost, since 1970; null: nothing. */
      readonly lostMs: number | null;
      readonly limits: HistoryLimits;
    }
  | { readonly do: 'tidy'; readonly limits: HistoryLimits }
  | { readonly do: 'remove'; readonly what: RemovedPast }
  | {
      readonly do: 'read';
      readonly table: TableName;
      readonly query: unknown;
      readonly part: HistoryPart;
    };

/** What came of it, task by task, and how the file is. */
export interface HistoryAnswer {
  /** null: there is no such part. */
  readonly result: unknown;
  /** Why nothing came of it; null: it is done. */
  readonly problem: string | null;
  /** What is wrong with the file; null: nothing. */
  readonly trouble: { readonly reason: string; readonly failures: number; readonly nextTryMs: number } | null;
  /** What was put out of the way since the last answer, and why; null: nothing. */
  readonly setAside: { readonly file: string; readonly reason: string } | null;
}
