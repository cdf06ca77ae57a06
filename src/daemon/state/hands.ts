import type { DatabaseSync } from 'node:sqlite';

/** A hand that is up, as it is kept. */
export interface HandRecord {
  /** The viewer's id. */
  readonly id: string;
  readonly room: string;
  readonly name: string;
  /** In ms since 1970. */
  readonly raisedAt: number;
}

/** Those that are up, the first first. */
export function readHands(database: DatabaseSync): HandRecord[] {
  const rows = database
    .prepare('SELECT viewer AS id, room, name, raised_at AS raisedAt FROM hands ORDER BY rowid')
    .all();
  return rows.map((row) => ({ ...row }) as unknown as HandRecord);
}

/** Writes one that is up. */
export function writeHand(database: DatabaseSync, { id, room, name, raisedAt }: HandRecord): void {
  database
    .prepare('INSERT OR REPLACE INTO hands (viewer, room, name, raised_at) VALUES (?, ?, ?, ?)')
    .run(id, room, name, raisedAt);
}

/** One is not up any more. */
export function removeHand(database: DatabaseSync, id: string): void {
  database.prepare('DELETE FROM hands WHERE viewer = ?').run(id);
}

/** None is up any more. */
export function removeHands(database: DatabaseSync): void {
  database.exec('DELETE FROM hands');
}
