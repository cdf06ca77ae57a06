import type { DatabaseSync } from 'node:sqlite';

/** A webhook as the state has it: with its secret, since what it is sent is signed with that. */
export interface WebhookRow {
  readonly id: string;
  readonly url: string;
  readonly secret: string;
  readonly events: readonly string[] | null;
  readonly rooms: readonly string[] | null;
  readonly withAddresses: boolean;
  readonly createdAtMs: number;
  /** null: it is sent to. */
  readonly endedAtMs: number | null;
}

/** All of them, the oldest first. */
export function readWebhooks(database: DatabaseSync): WebhookRow[] {
  const rows = database.prepare('SELECT * FROM webhooks ORDER BY created_at, id').all();
  const list = (text: unknown) => (text === null ? null : (JSON.parse(String(text)) as string[]));
  return rows.map((row) => ({
    ...{ id: String(row.id), url: String(row.url), secret: String(row.secret) },
    ...{ events: list(row.events), rooms: list(row.rooms), withAddresses: row.with_addresses === 1 },
    createdAtMs: Number(row.created_at),
    endedAtMs: row.ended_at === null ? null : Number(row.ended_at),
  }));
}

/** Writes a new one. */
export function writeWebhook(database: DatabaseSync, row: WebhookRow): void {
  const { id, url, secret, events, rooms, withAddresses, createdAtMs, endedAtMs } = row;
  database
    .prepare(
      `INSERT INTO webhooks (id, url, secret, events, rooms, with_addresses, created_at, ended_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    .run(
      ...[id, url, secret, events && JSON.stringify(events), rooms && JSON.stringify(rooms)],
      ...[Number(withAddresses), createdAtMs, endedAtMs],
    );
}

export function removeWebhook(database: DatabaseSync, id: string): void {
  database.prepare('DELETE FROM webhooks WHERE id = ?').run(id);
}

/** It is sent nothing from now on. */
export function endWebhook(database: DatabaseSync, id: string, wallMs: number): void {
  database.prepare('UPDATE webhooks SET ended_at = ? WHERE id = ?').run(wallMs, id);
}
