import { DatabaseSync } from 'node:sqlite';

/** Rooms where something is to be on air, by a database that knows of that. */
export function onAirIn(database: DatabaseSync): string[] {
  return database
    .prepare('SELECT room FROM broadcasts ORDER BY room')
    .all()
    .map(({ room }) => String(room));
}

/** The same of a file. */
export function roomsOnAir(file: string): string[] {
  using database = new DatabaseSync(file, { readOnly: true, timeout: 2000 });
  return onAirIn(database);
}

/** Rooms where it puts something on air as soon as the daemon runs: what was, and runs of schedules that go on or wait. */
export function roomsToBe(file: string): string[] {
  using database = new DatabaseSync(file, { readOnly: true, timeout: 2000 });
  const runs = database
    .prepare(
      `SELECT json_extract(details, '$.room') AS room FROM schedule_runs
       WHERE outcome IN ('waiting', 'running') AND json_valid(details)`,
    )
    .all();
  const rooms = runs.flatMap(({ room }) => (typeof room === 'string' ? [room] : []));
  return [...new Set([...onAirIn(database), ...rooms])].toSorted();
}

/** Nothing is to be on air any more, no run of a schedule goes on, and none that was due by now begins late; what comes at its hour comes. Gives the rooms where something was to be. */
export function takeOffAir(file: string, nowMs: number): string[] {
  using database = new DatabaseSync(file);
  const rooms = onAirIn(database);
  database.exec(`
    BEGIN;
    DELETE FROM broadcasts;
    UPDATE schedule_runs SET outcome = 'stopped', details = CASE details WHEN '' THEN ''
      ELSE json_set(details, '$.outcome', 'stopped', '$.reason', 'it was restored off air', '$.put', NULL) END
    WHERE outcome IN ('waiting', 'running');
    UPDATE schedules SET decided_until = max(decided_until, ${Math.floor(nowMs)});
    COMMIT;`);
  return rooms;
}
