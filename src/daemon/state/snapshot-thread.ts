import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { systemClock } from '../../contract/clock.ts';
import { asMiroliveError } from '../../contract/errors.ts';
import { identityOf } from './database-files.ts';
import { largeLogBytes } from './log-watch.ts';
import { stateVersion } from './migrations.ts';
import {
  type SnapshotAnswer,
  type SnapshotBatch,
  type SnapshotTask,
  snapshotColumns,
} from './snapshot-batch.ts';
import { stateError } from './state-error.ts';

/** How long it waits for the main thread, which writes no more than a moment, in ms. */
const busyTimeoutMs = 5000;

const { file } = workerData as { readonly file: string };
let database: DatabaseSync | undefined;
let identity: string | undefined;

/** What the main thread has made, and no other. */
function opened(): DatabaseSync {
  const now = identityOf(file);
  if (now === undefined) throw new Error(`there is no ${file}`);
  if (database && now === identity) return database;
  close();
  const fresh = new DatabaseSync(file, { timeout: busyTimeoutMs });
  try {
    const row = fresh.prepare('PRAGMA user_version').get();
    if (row?.user_version !== stateVersion)
      throw new Error(`expected a state of version ${stateVersion}, got ${row?.user_version}`);
    fresh.exec(`PRAGMA journal_size_limit = ${largeLogBytes}`);
  } catch (error) {
    fresh.close();
    throw error;
  }
  database = fresh;
  identity = now;
  return fresh;
}

function close(): void {
  database?.close();
  database = undefined;
}

function write(database: DatabaseSync, [room, changes]: SnapshotBatch[number], nowMs: number): void {
  if (changes === null) {
    database.prepare('DELETE FROM broadcasts WHERE room = ?').run(room);
    return;
  }
  const given = Object.entries(changes).map(
    ([key, value]) => [snapshotColumns[key as never] as string, value] as const,
  );
  const columns = ['changed_at', ...given.map(([column]) => column)];
  const values = [nowMs, ...given.map(([, value]) => value)];
  if (changes.id === undefined) {
    const set = columns.map((column) => `${column} = ?`).join(', ');
    database.prepare(`UPDATE broadcasts SET ${set} WHERE room = ?`).run(...values, room);
  } else {
    const marks = ['?', ...columns.map(() => '?')].join(', ');
    database
      .prepare(`INSERT OR REPLACE INTO broadcasts (room, ${columns.join(', ')}) VALUES (${marks})`)
      .run(room, ...values);
  }
}

function writeAll(batch: SnapshotBatch): void {
  const database = opened();
  // Whoever is killed loses nothing by NORMAL; a machine that loses power, the last moments: of places and wishes, and not that something ended.
  const isLasting = batch.some(([, changes]) => changes === null || changes.id !== undefined);
  database.exec(`PRAGMA synchronous = ${isLasting ? 'FULL' : 'NORMAL'}; BEGIN IMMEDIATE`);
  try {
    const nowMs = systemClock.wallMs();
    for (const one of batch) write(database, one, nowMs);
    database.exec('COMMIT');
  } finally {
    if (database.isTransaction) database.exec('ROLLBACK');
  }
}

/** Brings as much of the log into the database as nobody reads any more; whoever writes meanwhile does not wait for it. */
function settle(): void {
  opened().exec('PRAGMA wal_checkpoint(PASSIVE)');
}

parentPort?.on('message', (asked: SnapshotTask) => {
  let problem: string | null = null;
  try {
    if (asked === 'settle') settle();
    else writeAll(asked);
  } catch (error) {
    problem = asMiroliveError(stateError(error, file, true)).message;
    // It may be another file the next time.
    close();
  }
  const answer: SnapshotAnswer = { to: asked === 'settle' ? 'settle' : 'write', problem };
  parentPort?.postMessage(answer);
});
