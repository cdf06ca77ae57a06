import type { DatabaseSync } from 'node:sqlite';
import { type SavedPlaylist, savedPlaylist } from '../../contract/event/declared.ts';

/** A playlist that is kept by its name. */
export interface PlaylistRow {
  readonly name: string;
  readonly list: SavedPlaylist;
  /** The name of the event file that declared it; null: none did. */
  readonly appliedBy: string | null;
}

/** All of them by their names, but for those that cannot be read. */
export function readPlaylists(database: DatabaseSync): PlaylistRow[] {
  const rows = database.prepare('SELECT name, body, applied_by FROM playlists ORDER BY name').all();
  return rows.flatMap(({ name, body, applied_by: by }) => {
    const list = readList(String(body));
    return list ? [{ name: String(name), list, appliedBy: by === null ? null : String(by) }] : [];
  });
}

/** @param list null: there is none of this name any more */
export function writePlaylist(
  database: DatabaseSync,
  name: string,
  list: SavedPlaylist | null,
  appliedBy: string | null,
  nowMs: number,
): void {
  if (list === null) {
    database.prepare('DELETE FROM playlists WHERE name = ?').run(name);
    return;
  }
  database
    .prepare('INSERT OR REPLACE INTO playlists (name, body, applied_by, changed_at) VALUES (?, ?, ?, ?)')
    .run(name, JSON.stringify(list), appliedBy, nowMs);
}

function readList(text: string): SavedPlaylist | null {
  try {
    return savedPlaylist.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
