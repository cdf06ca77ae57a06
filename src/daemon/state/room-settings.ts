import type { DatabaseSync } from 'node:sqlite';
import type { Principal } from '../../contract/principal.ts';
import type { RoomWords } from '../../contract/room-config.ts';

/** So many deeds are looked through for who set something. */
const maxLookedAt = 200;

/** What was set of a room, over what the configuration says. */
export interface RoomSettingsRow {
  readonly name: string;
  /** null: it cannot be read. */
  readonly settings: RoomWords | null;
  /** The name of the file that declared it; null: none did. */
  readonly appliedBy: string | null;
  /** ms since 1970. */
  readonly changedAtMs: number;
  /** Somebody made it: it is there though nothing is set of it. */
  readonly made: boolean;
}

/** Of all rooms that were made, or anything was set of. The state may be one of before, which knew none that were made. */
export function readRoomSettings(database: DatabaseSync): RoomSettingsRow[] {
  const rows = database.prepare('SELECT * FROM rooms ORDER BY name').all();
  return rows.map((row) => ({
    name: String(row.name),
    settings: readWords(String(row.settings)),
    appliedBy: row.applied_by === null ? null : String(row.applied_by),
    changedAtMs: Number(row.changed_at),
    made: (row.made_at ?? null) !== null,
  }));
}

/** Who set a key of a room last, and when, in ms since 1970. */
export type LastSet = ReadonlyMap<string, { readonly by: Principal; readonly atMs: number }>;

/** What the deeds say of it by which something is set: a command what it set, a file that is applied which keys it changed. */
interface LastDetails {
  readonly by: Principal;
  readonly set?: RoomWords;
  readonly changed?: readonly string[];
}

/** Of the keys of a room, as far as the audit log knows it. */
export function readLastSet(database: DatabaseSync, room: string): LastSet {
  const rows = database
    .prepare(
      "SELECT at, details FROM audit WHERE what IN ('setRoom', 'createRoom', 'apply.room') AND result = 'ok' AND room = ? ORDER BY id DESC LIMIT ?",
    )
    .all(room, maxLookedAt);
  const found = rows.reverse().flatMap((row) => {
    const { by, set = {}, changed = [] } = JSON.parse(String(row.details)) as LastDetails;
    return [...Object.keys(set), ...changed].map((key) => [key, { by, atMs: Number(row.at) }] as const);
  });
  return new Map(found);
}

/** Puts settings in the place of those of a room. @param settings null: of the room nothing is set any more; one that was made stays */
export function writeRoomSettings(
  database: DatabaseSync,
  name: string,
  settings: RoomWords | null,
  appliedBy: string | null,
  nowMs: number,
): void {
  if (settings === null) {
    database.prepare('DELETE FROM rooms WHERE name = ? AND made_at IS NULL').run(name);
    database
      .prepare("UPDATE rooms SET settings = '{}', applied_by = NULL, changed_at = ? WHERE name = ?")
      .run(nowMs, name);
    return;
  }
  database
    .prepare(
      `INSERT INTO rooms (name, settings, applied_by, changed_at) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (name) DO UPDATE SET settings = ?2, applied_by = ?3, changed_at = ?4`,
    )
    .run(name, JSON.stringify(settings), appliedBy, nowMs);
}

/** Makes a room, with what is set of it. */
export function makeRoom(
  database: DatabaseSync,
  name: string,
  settings: RoomWords,
  appliedBy: string | null,
  nowMs: number,
): void {
  writeRoomSettings(database, name, settings, appliedBy, nowMs);
  database.prepare('UPDATE rooms SET made_at = ? WHERE name = ?').run(nowMs, name);
}

/** Of the room nothing is left. */
export function deleteRoom(database: DatabaseSync, name: string): void {
  database.prepare('DELETE FROM rooms WHERE name = ?').run(name);
}

function readWords(text: string): RoomWords | null {
  try {
    const words: unknown = JSON.parse(text);
    return typeof words === 'object' && words !== null && !Array.isArray(words) ? (words as RoomWords) : null;
  } catch {
    return null;
  }
}
