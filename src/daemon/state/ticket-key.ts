import { randomBytes } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

/** The key by which viewers are known again: made once. */
export function ticketKey(database: DatabaseSync): string {
  const found = database.prepare('SELECT key FROM ticket_key').get()?.key;
  if (typeof found === 'string') return found;
  const key = randomBytes(32).toString('base64url');
  database.prepare('INSERT INTO ticket_key (key) VALUES (?)').run(key);
  return key;
}
