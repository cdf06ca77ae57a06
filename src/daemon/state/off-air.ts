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

/** Nothing is to be on air any more, and no run of a schedule goes on; what comes at its hour comes. Gives the rooms where something was to be. */
export function takeOffAir(file: string): string[] {
  using database = new DatabaseSync(file);
  const rooms = onAirIn(database);
  database.exec(`
    BEGIN;
    DELETE FROM broadcasts;
    UPDATE schedule_runs SET outcome = 'stopped', details = CASE details WHEN '' THEN ''
      ELSE json_set(details, '$.outcome', 'stopped', '$.reason', 'it was restored off air', '$.put', NULL) END
    WHERE outcome IN ('waiting', 'running');
    COMMIT;`);
  return rooms;
}
