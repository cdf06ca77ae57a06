import { audienceTable } from './audience-table.ts';
import { eventTable } from './event-table.ts';
import type { HistoryTable } from './history-table.ts';

/** All that the history's file holds, by name. */
export const tables = { events: eventTable, audience: audienceTable } as const;

export type TableName = keyof typeof tables;
/** What is written into a table. */
export type RowOf<N extends TableName> =
  (typeof tables)[N] extends HistoryTable<infer Row, infer _Query, infer _Result> ? Row : never;
/** What it is asked for. */
export type QueryOf<N extends TableName> =
  (typeof tables)[N] extends HistoryTable<infer _Row, infer Query, infer _Result> ? Query : never;
/** What it answers. */
export type ResultOf<N extends TableName> =
  (typeof tables)[N] extends HistoryTable<infer _Row, infer _Query, infer Result> ? Result : never;
